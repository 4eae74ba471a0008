using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Connects to a line server in memory, without a port, for tests of its handlers.</summary>
/// <remarks>
/// The handlers see what they would see on a network: framing, order, closes and errors are the same. They run in this
/// session, so Mock and breakpoints work, while a cmdlet such as Send-Line -Receive or Disconnect-LineClient waits. With
/// -Server the connection is one of a running server instead.
/// </remarks>
[Cmdlet(VerbsCommon.New, "LineTestConnection", DefaultParameterSetName = "Handlers", HelpUri = Pages + "New-LineTestConnection.md")]
[OutputType(typeof(LineClient))]
public sealed class NewLineTestConnectionCommand : TestConnectionCommand, ILineParameters
{
    private const int LongestLine = 1 << 30;

    private static readonly LineFormat s_format = new();

    /// <summary>The handler under test, called for each line in this session.</summary>
    [Parameter(Position = 0, ParameterSetName = "Handlers")]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? OnLine { get; set; }

    /// <summary>A running server to connect to.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Server", ValueFromPipeline = true)]
    [ShownAs<LineServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineServer>))]
    public Alive<LineServer>? Server { get; set; }

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

    /// <summary>
    /// The end of a line: Auto, the default (LF or CRLF in, CRLF out), LF, CRLF, CR, NUL, or any text, with escapes such as '\0' in it. Only
    /// with the first three is text that has line breaks sent as several lines.
    /// </summary>
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
    protected override void ProcessRecord()
    {
        if ((Server is null ? StartServer() : this.FindOne(Server)) is { } server)
            Connect(server, options => new LineClient(server.Reactor, options, FormatFor(server), null), isOwn: Server is null);
    }

    private static LineFormat FormatFor(LineServer server) => new()
    {
        Delimiter = server.Format.Delimiter,
        Encoding = server.Format.Encoding,
        MaxLineLength = LongestLine,
    };

    /// <returns>The server; null if there is no such reactor, after an error is written.</returns>
    private LineServer? StartServer()
    {
        if (FindTestHost() is not { } host)
            return null;
        if (OnLine is null && OnConnect is null)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, "-OnLine, or -OnConnect"));
        var server = new LineServer(
            host.Reactor, ToOptions(), ((ILineParameters)this).ToFormat(), CaptureHandlers(host, OnLine, LineOutput.Instance));
        Starter.Start(host, server, server.Start);
        return server;
    }
}
