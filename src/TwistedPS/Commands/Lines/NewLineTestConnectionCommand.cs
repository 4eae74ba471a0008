using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Connects to a line server in memory, without a port: for tests of its handlers.
/// </summary>
[Cmdlet(VerbsCommon.New, "LineTestConnection", DefaultParameterSetName = "Handlers")]
[OutputType(typeof(LineClient))]
public sealed class NewLineTestConnectionCommand : ServerCommand, ILineParameters
{
    private const int LongestLine = 1 << 30;

    private static readonly LineFormat s_defaults = new();

    /// <summary>The handler under test: called for each line, in this very session.</summary>
    [Parameter(Position = 0, ParameterSetName = "Handlers")]
    public ScriptBlock? OnLine { get; set; }

    /// <summary>A running server to connect to.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Server", ValueFromPipeline = true)]
    [ServiceTransformation<LineServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineServer>))]
    public LineServer? Server { get; set; }

    /// <summary>What ends a line: Auto (LF or CRLF in, CRLF out), LF, CRLF, or any text.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    [ValidateNotNull]
    public LineDelimiter Delimiter { get; set; } = s_defaults.Delimiter;

    /// <summary>How text becomes bytes; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>The longest line in bytes; a longer one closes the connection.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxLineLength { get; set; } = s_defaults.MaxLineLength;

    /// <summary>Take text without a delimiter at the end of the stream for a line.</summary>
    [Parameter]
    public SwitchParameter DeliverPartialLine { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        LineServer server = Server ?? StartServer(FindHost());
        ReactorHost host = HostOf(server.Reactor);
        if (server.Status != ServerStatus.Running)
            ThrowTerminatingError(Errors.ServerStopped(server));

        var options = new ClientOptions { Host = "memory" };
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
            (MemoryTransport near, MemoryTransport far) = MemoryTransport.CreatePair(server.Reactor);
            server.Serve(far);
            return client.Use(near);
        });
        WaitFor(host, connected, "Connecting in memory", "");
        if (host is ForegroundReactor { Reactor.IsRunning: false } foreground)
            foreground.RunUntilIdle(this, CancelToken);

        var output = PSObject.AsPSObject(client);
        output.Properties.Add(new PSNoteProperty(nameof(Server), server));
        WriteObject(output);
    }

    private protected override ReactorHost FindHost() => Reactor is null ? Session.GetTestHost() : HostOf(Reactor);

    private LineServer StartServer(ReactorHost host) => StartServer(
        host,
        OnLine,
        LineOutput.Instance,
        scripts => new LineServer(host.Reactor, WithOptions(new ServerOptions()), ((ILineParameters)this).ToFormat(), scripts));
}
