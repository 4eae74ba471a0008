using System.Buffers;
using System.Management.Automation;
using System.Management.Automation.Internal;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Outputs bytes that a TCP client has received, or objects with -Framing Json, and waits for more if needed.</summary>
[Cmdlet(VerbsCommunications.Receive, "TcpData", DefaultParameterSetName = Some)]
[OutputType(typeof(byte[]), typeof(string), typeof(PSObject))]
public sealed class ReceiveTcpDataCommand : TwistedCommand
{
    private const string Some = "Some";

    /// <summary>The clients, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DataClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    public Alive<DataClient>[] Client { get; set; } = [];

    /// <summary>
    /// The number of bytes to receive, or with -Framing Json of objects; without it, the data of one read, or one framed message.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Count")]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>Receives everything until the peer closes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "ToEnd")]
    public SwitchParameter ToEnd { get; set; }

    /// <summary>
    /// With -ToEnd: the most bytes to receive where they are one output. If there are more, it is an error, and they are left to be received. 256 MiB by
    /// default.
    /// </summary>
    [Parameter(ParameterSetName = "ToEnd")]
    [ValidateRange(1, 1 << 30)]
    public int MaxLength { get; set; } = 256 * 1024 * 1024;

    /// <summary>Outputs text instead of bytes, in the client's encoding, or instead of objects.</summary>
    [Parameter]
    public SwitchParameter AsString { get; set; }

    /// <summary>The longest time to wait in all; no limit by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (DataClient client in this.Find(Client))
        {
            if (client.Format is JsonFormat json && !AsString)
                ReceiveObjects(client, json);
            else
                Receive(client);
        }
    }

    private Receiver<byte[]> ReceiverOf(DataClient client) => new(this, client)
    {
        Timeout = Timeout,
        IsUnlimited = ToEnd,
        Instead = "Give the client an -OnData handler instead.",
    };

    private void ReceiveObjects(DataClient client, JsonFormat format)
    {
        int left = ToEnd ? int.MaxValue : Math.Max(Count, 1);
        ReceiverOf(client).ReceiveUntil(line => TryWrite(line, format) && --left == 0);
    }

    /// <returns>False for an empty line.</returns>
    private bool TryWrite(byte[] line, JsonFormat format)
    {
        try
        {
            object? value = JsonText.Read(line, format.AsHashtables);
            if (value == AutomationNull.Value)
                return false;
            WriteObject(value, enumerateCollection: false);
        }
        catch (InvalidMessageException e)
        {
            WriteError(Errors.JsonInvalid(e, line));
        }

        return true;
    }

    private void Receive(DataClient client)
    {
        var received = new ArrayBufferWriter<byte>();
        bool isWhole = ReceiverOf(client).ReceiveUntil(data =>
        {
            received.Write(data);
            return ToEnd ? received.WrittenCount > MaxLength : received.WrittenCount >= Count;
        });
        if (ToEnd && received.WrittenCount > MaxLength)
        {
            WriteError(Errors.ReplyTooLong(client, MaxLength, "-MaxLength"));
            isWhole = false;
        }

        int length = isWhole && Count > 0 ? Count : isWhole ? received.WrittenCount : 0;
        if (received.WrittenCount > length)
            client.Return(received.WrittenSpan[length..].ToArray());
        if (!isWhole)
            return;
        byte[] bytes = received.WrittenSpan[..length].ToArray();
        WriteObject(AsString ? client.Connection!.Decode(bytes, isLast: ToEnd) : bytes, enumerateCollection: false);
    }
}
