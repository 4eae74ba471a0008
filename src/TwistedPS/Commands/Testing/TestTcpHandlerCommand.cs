using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Parameters;
using TwistedPS.Scripting;
using TwistedPS.Testing;

namespace TwistedPS.Commands;

/// <summary>
/// Tests whether the handlers of a server of bytes or messages give the same reply however a conversation arrives: in segments of
/// 1, 2, 3 … bytes, and ended by a half-close or a reset at every point.
/// </summary>
/// <remarks>
/// It does for the handlers of Start-TcpServer what Test-LineHandler does for those of lines. Without -Framing, a handler gets what has arrived
/// by the time, which may be less than the peer has sent at once, or more; one that takes it for a whole message is found.
/// </remarks>
[Cmdlet(VerbsDiagnostic.Test, "TcpHandler", HelpUri = Pages + "Test-TcpHandler.md")]
[OutputType(typeof(HandlerTestResult), typeof(bool))]
public sealed class TestTcpHandlerCommand : TestConnectionCommand, IDataParameters
{
    private static readonly RawFormat s_format = new();

    /// <summary>
    /// The handler under test, called for the data of each read, or with -Framing for each message; $_ holds the bytes, or with
    /// -Framing Json the object, and the output is the reply.
    /// </summary>
    [Parameter(Position = 0)]
    public ScriptBlock? OnData { get; set; }

    /// <summary>The messages that the peer sends, framed as by Send-TcpData: text or bytes, or with -Framing Json objects.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object[] Data { get; set; } = [];

    /// <summary>Sends -Data as it is, without the framing, for what is no valid message.</summary>
    [Parameter]
    public SwitchParameter Unframed { get; set; }

    /// <summary>The messages of the reply to the whole conversation, with those of -OnConnect; any reply by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object[]? Reply { get; set; }

    /// <summary>Tries all sizes of segments, and half-closes and resets at every byte, however long the conversation is.</summary>
    [Parameter]
    public SwitchParameter Exhaustive { get; set; }

    /// <summary>Outputs only whether all variations have passed, and ends with the first that has not.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>The encoding of text; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_format.Encoding;

    /// <summary>The framing of messages both ways, as for Start-TcpServer; none (Raw) by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FramingCompleter))]
    [ValidateNotNull]
    public DataFraming Framing { get; set; } = DataFraming.Raw;

    /// <summary>With -Framing: the longest message received, in bytes; a longer one closes the connection. 99999 by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxMessageLength { get; set; } = s_format.MaxMessageLength;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (OnData is null && OnConnect is null)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, "-OnData, or -OnConnect"));
        IDataParameters data = this;
        DataFormat format = data.ToFormat();
        var tester = new HandlerTester(this, host => new DataServer(host.Reactor, ToOptions(), format, CaptureHandlers(host, OnData, data.ToHandlerFormat())))
        {
            Encoding = Encoding,
            Conversation = ToConversation(Unframed ? s_format : format),
            Reply = HandlerTester.Join(format, Reply is null ? null : Messages(Reply)),
            IsExhaustive = Exhaustive,
        };
        WriteObject(Quiet ? tester.Test().All(result => result.Passed) : tester.Test(), enumerateCollection: true);
    }

    private Conversation ToConversation(DataFormat format)
    {
        var conversation = new Conversation();
        foreach (byte[] message in Messages(Data))
            conversation.Add(buffer => format.Write(buffer, message));
        return conversation;
    }

    private IEnumerable<byte[]> Messages(object[] objects)
    {
        OutputFormat<byte[]> format = Unframed || Framing.Format is RawFormat ? new DataOutput(Encoding, joinsBytes: true) : ((IDataParameters)this).ToHandlerFormat();
        return format.Messages(objects.Select(PSObject.AsPSObject));
    }
}
