using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Parameters;
using TwistedPS.Scripting;
using TwistedPS.Testing;

namespace TwistedPS.Commands;

/// <summary>
/// Tests whether the handlers of a line server give the same reply however a conversation arrives: in segments of 1, 2, 3 … bytes, and
/// ended by a half-close or a reset at every point.
/// </summary>
/// <remarks>
/// <para>
/// The conversation is held anew for each variation, with a server of its own in memory, by a fake clock, in this session, so that
/// handlers can call mocks. What is expected is what happens when each line comes by itself: the same reply, the same errors and the
/// same close for any segments. Where the conversation is cut, the lines before must be answered, nothing may fail that does not fail
/// otherwise, and the connection must close, unless there is -OnEnd.
/// </para>
/// <para>
/// All sizes up to 64 bytes are tried, and beyond that each half as large again; at most 128 half-closes and as many resets, around the ends
/// of lines first. -Exhaustive leaves none out. The output is a result for each variation, with the first difference; the first result
/// is that of whole lines, which fails if a handler fails without -OnError, or the reply is not that of -Reply.
/// </para>
/// </remarks>
[Cmdlet(VerbsDiagnostic.Test, "LineHandler", DefaultParameterSetName = AsLines, HelpUri = Pages + "Test-LineHandler.md")]
[OutputType(typeof(HandlerTestResult), typeof(bool))]
public sealed class TestLineHandlerCommand : TestConnectionCommand, ILineParameters
{
    private const string AsLines = "Lines";
    private const string AsData = "Data";

    private static readonly LineFormat s_format = new();

    /// <summary>The handler under test, called for each line in this session.</summary>
    [Parameter(Position = 0)]
    public ScriptBlock? OnLine { get; set; }

    /// <summary>The lines that the peer sends.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = AsLines)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] Line { get; set; } = [];

    /// <summary>What the peer sends, as it is: text or bytes, each object a message. For bytes among lines, and for what is no line.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AsData)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object[] Data { get; set; } = [];

    /// <summary>The lines of the reply to the whole conversation, with those of -OnConnect; any reply by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[]? Reply { get; set; }

    /// <summary>Tries all sizes of segments, and half-closes and resets at every byte, however long the conversation is.</summary>
    [Parameter]
    public SwitchParameter Exhaustive { get; set; }

    /// <summary>Outputs only whether all variations have passed, and ends with the first that has not.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>
    /// Called for bytes that come in place of lines, after $Connection.ReadBytes or $Connection.ReadRaw has asked for them; $_
    /// holds them, and the output is the reply.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnData { get; set; }

    /// <summary>The most bytes that $Connection.ReadBytes may ask for at once; 1 MiB by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxDataLength { get; set; } = s_format.MaxDataLength;

    /// <summary>
    /// Called for a line that is too long; $_ is its beginning, and the rest of it is left out. Without this handler, such a line
    /// closes the connection.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnLineTooLong { get; set; }

    /// <summary>The end of a line, as for Start-LineServer; Auto (LF or CRLF in, CRLF out) by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    [ValidateNotNull]
    public LineDelimiter Delimiter { get; set; } = s_format.Delimiter;

    /// <summary>The encoding of text; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_format.Encoding;

    /// <summary>The longest line in bytes; a longer one goes to -OnLineTooLong, or closes the connection. 16384 by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxLineLength { get; set; } = s_format.MaxLineLength;

    /// <summary>Delivers text without a delimiter at the end of the stream as a line.</summary>
    [Parameter]
    public SwitchParameter DeliverPartialLine { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (OnLine is null && OnConnect is null)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, "-OnLine, or -OnConnect"));
        LineFormat format = ((ILineParameters)this).ToFormat();
        var tester = new HandlerTester(this, host => new LineServer(host.Reactor, ToOptions(), format, CaptureHandlers(host, OnLine, LineOutput.Instance)))
        {
            Encoding = Encoding,
            Conversation = ToConversation(format),
            Reply = HandlerTester.Join(format, Reply),
            IsExhaustive = Exhaustive,
            MaySpeakAtEnd = DeliverPartialLine,
        };
        WriteObject(Quiet ? tester.Test().All(result => result.Passed) : tester.Test(), enumerateCollection: true);
    }

    private Conversation ToConversation(LineFormat format)
    {
        var conversation = new Conversation();
        foreach (string line in Line)
            conversation.Add(buffer => format.Write(buffer, line));
        foreach (byte[] data in new DataOutput(Encoding, joinsBytes: true).Messages(Data.Select(PSObject.AsPSObject)))
            conversation.Add(buffer => new RawFormat().Write(buffer, data));
        return conversation;
    }
}
