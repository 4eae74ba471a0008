using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Connects to a line server in memory, without a port: for tests of its handlers.
/// </summary>
[Cmdlet(VerbsCommon.New, "LineTestConnection", DefaultParameterSetName = "Handlers")]
[OutputType(typeof(LineClient))]
public sealed class NewLineTestConnectionCommand : LineServerCommand
{
    private const int LongestLine = 1 << 30;

    /// <summary>The handler under test: called for each line, in this very session.</summary>
    [Parameter(Position = 0, ParameterSetName = "Handlers")]
    public ScriptBlock? OnLine { get; set; }

    /// <summary>A running server to connect to.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Server", ValueFromPipeline = true)]
    [LineServerTransformation]
    [ArgumentCompleter(typeof(LineServerCompleter))]
    public LineServer? Server { get; set; }

    private protected override ScriptBlock? LineHandler => OnLine;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        LineServer server = Server ?? StartServer(TestHost(), WithLineOptions(new LineServerOptions()));
        ReactorHost host = HostOf(server.Reactor);
        if (server.Status != LineServerStatus.Running)
            ThrowTerminatingError(Errors.ServerStopped(server));

        LineClientOptions options = new()
        {
            Host = "memory",
            Delimiter = server.Options.Delimiter,
            Encoding = server.Options.Encoding,
            MaxLineLength = LongestLine,
        };
        var client = new LineClient(server.Reactor, options, null);
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

    private ReactorHost TestHost() => Reactor is null ? Session.GetTestHost() : HostOf(Reactor);
}
