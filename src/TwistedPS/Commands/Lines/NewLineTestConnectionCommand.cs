using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Transports;
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
public sealed class NewLineTestConnectionCommand : ServiceCommand, INetworkParameters, ILineParameters
{
    private const int LongestLine = 1 << 30;

    private static readonly LineFormat s_format = new();
    private static readonly ServerOptions s_defaults = new();

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

    /// <summary>Called once, before the first connection, for example to open files; $_ is the server, and the output goes to the log.</summary>
    [Parameter]
    public ScriptBlock? OnStart { get; set; }

    /// <summary>Called once, after the server has stopped; $_ is the server, and the output goes to the log.</summary>
    [Parameter]
    public ScriptBlock? OnStop { get; set; }

    /// <summary>Called when a connection is made; $_ is the connection, and the output is sent.</summary>
    [Parameter]
    public ScriptBlock? OnConnect { get; set; }

    /// <summary>
    /// Called when the peer has ended its sending; $_ is the connection, and the output is sent. With this handler, the connection
    /// stays open until it is closed.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnEnd { get; set; }

    /// <summary>
    /// Called when unsent output that was over the limit of -SendBufferLimit has drained to half of it, the time to send more; $_ is
    /// the connection, and the output is sent.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnDrain { get; set; }

    /// <summary>Called once, after a connection has ended; $_ is the reason.</summary>
    [Parameter]
    public ScriptBlock? OnDisconnect { get; set; }

    /// <summary>Called when another handler throws; $_ is the error, and the output is sent. Without it, the connection is closed.</summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <summary>The largest number of unsent bytes that may wait for a peer that does not read; 1 MiB by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int SendBufferLimit { get; set; } = s_defaults.SendBufferLimit;

    /// <summary>The time without traffic after which a connection is closed; never by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan? IdleTimeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if ((Server is null ? StartServer() : this.FindOne(Server)) is { } server)
            Connect(server);
    }

    private void Connect(LineServer server)
    {
        ReactorHost host = HostOf(server.Reactor);
        if (server.Status != ServerStatus.Running)
            ThrowTerminatingError(Errors.ServerStopped(server));

        var options = new ClientOptions { Host = Address.Memory.Host };
        LineFormat format = new()
        {
            Delimiter = server.Format.Delimiter,
            Encoding = server.Format.Encoding,
            MaxLineLength = LongestLine,
        };
        var client = new LineClient(server.Reactor, options, format, null);
        if (Server is null)
            client.Disconnected += (_, _) => server.Dispose();
        Task<bool> connected = server.Reactor.InvokeAsync(() =>
        {
            (Transport near, Transport far) = MemoryPair.Create(server.Reactor.Loop);
            server.Serve(far);
            client.Use(near);
            return true;
        });
        WaitFor(host, connected, "Connecting in memory", "");
        if (host is ForegroundReactor { Reactor.IsRunning: false } foreground)
            foreground.RunUntilIdle(this, CancelToken);

        var output = PSObject.AsPSObject(client);
        output.Properties.Add(new PSNoteProperty(nameof(Server), server));
        WriteObject(output);
    }

    /// <returns>The server; null if there is no such reactor, after an error is written.</returns>
    private LineServer? StartServer()
    {
        if ((Reactor is null ? Session.GetTestHost() : FindHost(Reactor)) is not { } host)
            return null;
        if (OnLine is null && OnConnect is null)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, "-OnLine, or -OnConnect"));
        INetworkParameters given = this;
        var server = new LineServer(
            host.Reactor,
            given.ToOptions(s_defaults),
            ((ILineParameters)this).ToFormat(),
            given.CaptureHandlers(Starter, host, "Server", OnLine, LineOutput.Instance));
        Starter.Start(host, server, server.Start);
        return server;
    }
}
