using System.Buffers;
using System.Management.Automation;
using System.Management.Automation.Internal;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Outputs bytes that a TCP client has received, or objects with -Framing Json, and waits for more if needed.</summary>
/// <remarks>
/// It outputs an array of bytes, not byte by byte, or with -AsString a text, or with -Framing Json objects. Without other
/// parameters that is the data of one read, or one framed message; -Count, -Until and -ToEnd say how much. A time-out
/// (ReceiveTimeout), a connection that ends before all has come (NotConnected), and more bytes than -MaxLength (ReplyTooLong)
/// are errors that do not end the cmdlet; what has come is kept for the next call.
/// </remarks>
[Cmdlet(VerbsCommunications.Receive, "TcpData", DefaultParameterSetName = Some, HelpUri = Pages + "Receive-TcpData.md")]
[OutputType(typeof(byte[]), typeof(string), typeof(PSObject))]
public sealed class ReceiveTcpDataCommand : TwistedCommand
{
    private const string Some = "Some";
    private const string ByCount = "Count";
    private const string ByEnd = "Until";
    private const string All = "ToEnd";

    /// <summary>The clients, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DataClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    public Alive<DataClient>[] Client { get; set; } = [];

    /// <summary>
    /// The number of bytes to receive, or with -Framing Json of objects; without it, the data of one read, or one framed message.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ByCount)]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>Receives everything until the peer closes, also if that is nothing.</summary>
    [Parameter(Mandatory = true, ParameterSetName = All)]
    public SwitchParameter ToEnd { get; set; }

    /// <summary>
    /// The end of what to receive, as text or bytes, such as a prompt; it belongs to the output. Empty text is none.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ByEnd)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public object? Until { get; set; }

    /// <summary>
    /// With -ToEnd or -Until: the most bytes to receive where they are one output. If there are more, it is an error, and they are left
    /// to be received. 256 MiB by default.
    /// </summary>
    [Parameter(ParameterSetName = All)]
    [Parameter(ParameterSetName = ByEnd)]
    [ValidateRange(1, 1 << 30)]
    public int MaxLength { get; set; } = 256 * 1024 * 1024;

    /// <summary>Outputs text instead of bytes, in the client's encoding, or instead of objects.</summary>
    [Parameter]
    public SwitchParameter AsString { get; set; }

    /// <summary>The longest time to wait in all; no limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (DataClient client in this.Find(Client))
        {
            if (client.Format is JsonFormat json && !AsString && Until is null)
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

    private bool HasLimit => ToEnd || Until is not null;

    private void Receive(DataClient client)
    {
        byte[] end = BytesOfEnd(client);
        var received = new ArrayBufferWriter<byte>();
        int? wanted = null;
        bool isWhole = ReceiverOf(client).ReceiveUntil(data =>
        {
            int searched = Math.Max(0, received.WrittenCount - end.Length + 1);
            received.Write(data);
            wanted = LengthIn(received.WrittenSpan, searched, end);
            return wanted is not null || (HasLimit && received.WrittenCount > MaxLength);
        });
        int length = wanted ?? received.WrittenCount;
        if (HasLimit && length > MaxLength)
        {
            WriteError(Errors.ReplyTooLong(client, MaxLength, "-MaxLength"));
            isWhole = false;
        }

        if (!isWhole)
            length = 0;
        if (received.WrittenCount > length)
            client.Return(received.WrittenSpan[length..].ToArray());
        if (!isWhole)
            return;
        byte[] bytes = received.WrittenSpan[..length].ToArray();
        WriteObject(AsString ? client.Connection!.Decode(bytes, isLast: ToEnd) : bytes, enumerateCollection: false);
    }

    private byte[] BytesOfEnd(DataClient client)
    {
        object? end = Until is PSObject wrapped ? wrapped.BaseObject : Until;
        return DataParts.BytesOf(end) ?? RawOutput.Encode(end, client.Encoding);
    }

    /// <summary>Returns the number of received bytes that are wanted; null while there are too few.</summary>
    private int? LengthIn(ReadOnlySpan<byte> received, int searched, byte[] end) => ParameterSetName switch
    {
        ByCount => received.Length < Count ? null : Count,
        ByEnd => received[searched..].IndexOf(end) is >= 0 and var at ? searched + at + end.Length : null,
        All => null,
        _ => received.Length,
    };
}
