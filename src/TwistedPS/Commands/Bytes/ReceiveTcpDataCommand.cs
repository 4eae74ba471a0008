using System.Buffers;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Outputs bytes that a TCP client, or in a conversation the peer, has sent, or objects with -Framing Json, and waits for more if needed.
/// </summary>
/// <remarks>
/// <para>It outputs an array of bytes, not byte by byte, or with -AsString a text, or with -Framing Json objects. Without other
/// parameters that is the data of one read, or one framed message; -Count, -Until and -ToEnd say how much. A time-out
/// (ReceiveTimeout), a connection that ends before all has come (NotConnected), and more bytes than -MaxLength (ReplyTooLong)
/// are errors that do not end the cmdlet; what has come is kept for the next call.</para>
/// <para>In the scriptblock of Start-TcpServer -Conversation it receives what the peer sends. There the end of the peer's data
/// (ConversationEnded) and a time-out (ReceiveTimeout) end the conversation, unless they are caught.</para>
/// </remarks>
[Cmdlet(VerbsCommunications.Receive, "TcpData", DefaultParameterSetName = Some, HelpUri = Pages + "Receive-TcpData.md")]
[OutputType(typeof(byte[]), typeof(string), typeof(PSObject))]
public sealed class ReceiveTcpDataCommand : TwistedCommand
{
    private const string Some = "Some";
    private const string ByCount = "Count";
    private const string ByEnd = "Until";
    private const string All = "ToEnd";

    /// <summary>The clients, or their numbers or names; in a conversation the peer by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ShownAs<DataClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    public Alive<DataClient>[] Client { get; set; } = [];

    /// <summary>
    /// The number of bytes to receive, or with a framing of messages, each of which is an output; without it, the data of one read, or
    /// one message.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ByCount)]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>Receives everything until the peer closes, also if that is nothing; with a framing each message is an output.</summary>
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
        ConversationWork? conversation = ConversationWork.Current;
        if (Client.Length > 0 && !Array.Exists(Client, client => client.Identity == (object?)conversation?.Connection))
            Array.ForEach(this.Find(Client), Receive);
        else if (conversation?.SourceOf<byte[]>() is { } peer)
            Receive(conversation, peer);
        else
            ThrowTerminatingError(Errors.ConversationMissing(CommandName, nameof(Client), " of bytes"));
    }

    private void Receive(ConversationWork conversation, IMessageSource<byte[]> peer)
    {
        conversation.SendOutput();
        Receive(peer);
    }

    private void Receive(IMessageSource<byte[]> source)
    {
        if (source.Format is RawFormat || Until is not null)
            ReceiveBytes(source);
        else
            ReceiveMessages(source);
    }

    private Receiver<byte[]> ReceiverOf(IMessageSource<byte[]> source) => new(this, source)
    {
        Timeout = Timeout,
        IsUnlimited = ToEnd,
        Instead = "Give the client an -OnData handler instead.",
    };

    private void ReceiveMessages(IMessageSource<byte[]> source)
    {
        int left = ToEnd ? int.MaxValue : Math.Max(Count, 1);
        ReceiverOf(source).ReceiveUntil(message => TryWrite(message, source) && --left == 0);
    }

    /// <returns>False for an empty line where objects are lines.</returns>
    private bool TryWrite(byte[] message, IMessageSource<byte[]> source)
    {
        if (AsString || source.Format is not JsonFormat format)
        {
            Write(message, source, isLast: true);
            return true;
        }

        try
        {
            object? value = JsonText.Read(message, format.AsHashtables);
            if (value == AutomationNull.Value)
                return false;
            WriteObject(value, enumerateCollection: false);
        }
        catch (InvalidMessageException e)
        {
            WriteError(Errors.JsonInvalid(e, message));
        }

        return true;
    }

    private void Write(byte[] bytes, IMessageSource<byte[]> source, bool isLast) => WriteObject(
        AsString ? ((DataConnection)source.Connection!).Decode(bytes, isLast) : bytes, enumerateCollection: false);

    private bool HasLimit => ToEnd || Until is not null;

    private void ReceiveBytes(IMessageSource<byte[]> source)
    {
        var received = new ArrayBufferWriter<byte>();
        int? length = null;
        try
        {
            length = Receive(source, received);
        }
        finally
        {
            if (received.WrittenCount > (length ?? 0))
                source.Return(received.WrittenSpan[(length ?? 0)..].ToArray());
        }

        if (length is { } wanted)
            Write(received.WrittenSpan[..wanted].ToArray(), source, isLast: ToEnd);
    }

    /// <returns>The number of received bytes that are wanted; null if there are too few or too many, after an error is written.</returns>
    private int? Receive(IMessageSource<byte[]> source, ArrayBufferWriter<byte> received)
    {
        byte[] end = BytesOfEnd(source.Format.Encoding);
        int? wanted = null;
        Receiver<byte[]> receiver = ReceiverOf(source);
        bool isWhole = receiver.ReceiveUntil(data =>
        {
            int searched = Math.Max(0, received.WrittenCount - end.Length + 1);
            received.Write(data);
            wanted = LengthIn(received.WrittenSpan, searched, end);
            return wanted is not null || (HasLimit && received.WrittenCount > MaxLength);
        });
        int length = wanted ?? received.WrittenCount;
        if (HasLimit && length > MaxLength)
            isWhole = receiver.Fail(Errors.ReplyTooLong(receiver.Target, MaxLength, "-MaxLength"));
        return isWhole ? length : null;
    }

    private byte[] BytesOfEnd(Encoding encoding)
    {
        object? end = Until is PSObject wrapped ? wrapped.BaseObject : Until;
        return DataParts.BytesOf(end) ?? RawOutput.Encode(end, encoding);
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
