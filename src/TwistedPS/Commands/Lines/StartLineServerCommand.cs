using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Starts a server with a protocol of lines.</summary>
/// <remarks>
/// <para>A line server's protocol is a scriptblock: -OnLine is called for each line, and each object that it outputs is sent
/// back as a line. In a handler $_ is the line, $Connection the peer and $Server the server; $Connection.Close() ends the
/// connection.</para>
/// <para>Handlers run one at a time on the reactor's thread, in the background unless -Wait or a foreground reactor runs them
/// in this session. They must not block: long work goes to Start-Deferred.</para>
/// <para>With -Conversation, the protocol is a script instead that runs from the beginning of a connection to its end, in a runspace of
/// its own, and waits for lines with Receive-Line.</para>
/// <para>The server listens on loopback unless -Address says otherwise, until it is stopped or the session ends. A handler
/// that throws ends its own connection and no other; the error is in the server's Errors and its Log.</para>
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "LineServer", DefaultParameterSetName = OnEndpoint, HelpUri = Pages + "Start-LineServer.md")]
[OutputType(typeof(LineServer))]
public sealed class StartLineServerCommand : ServerCommand, ILineParameters
{
    private static readonly LineFormat s_defaults = new();

    /// <summary>Called for each line; $_ is the line, and the output is the reply.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? OnLine { get; set; }

    /// <summary>
    /// Called for bytes that come in place of lines, after $Connection.ReadBytes or $Connection.ReadRaw has asked for them; $_
    /// holds them, and the output is the reply.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnData { get; set; }

    /// <summary>The most bytes that $Connection.ReadBytes may ask for at once; 1 MiB by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxDataLength { get; set; } = s_defaults.MaxDataLength;

    /// <summary>
    /// Called for a line that is too long; $_ is its beginning, and the rest of it is left out. Without this handler, such a line
    /// closes the connection.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnLineTooLong { get; set; }

    /// <summary>
    /// The end of a line: Auto, the default (LF or CRLF in, CRLF out), LF, CRLF, CR, NUL, or any text, with escapes such as '\0' in it. Only
    /// with the first three is text that has line breaks sent as several lines.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    [ValidateNotNull]
    public LineDelimiter Delimiter { get; set; } = s_defaults.Delimiter;

    /// <summary>The encoding of text; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>The longest line in bytes; a longer one goes to -OnLineTooLong, or closes the connection. 16384 by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxLineLength { get; set; } = s_defaults.MaxLineLength;

    /// <summary>Delivers text without a delimiter at the end of the stream as a line.</summary>
    [Parameter]
    public SwitchParameter DeliverPartialLine { get; set; }

    private protected override Server CreateServer(Reactor reactor, ServerOptions options, IServerHandler handler) =>
        new LineServer(reactor, options, ((ILineParameters)this).ToFormat(), handler);

    private protected override IServerHandler CaptureHandlers(ReactorHost host) =>
        CaptureHandlers(host, nameof(OnLine), OnLine, LineOutput.Instance, ((ILineParameters)this).ToFormat(), text => text);
}
