using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Transports;
using TwistedPS.Parameters;
using TwistedPS.Scripting;
using TwistedPS.Testing;

namespace TwistedPS.Commands;

/// <summary>The base of the cmdlets that call the handlers of a server of lines or bytes in memory, for tests.</summary>
// It declares the parameters of ServiceCommand again, as servers and clients do: they would otherwise come from a third class.
public abstract class TestConnectionCommand : TwistedCommand, INetworkParameters
{
    private protected static readonly ServerOptions Defaults = new();

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
    public int SendBufferLimit { get; set; } = Defaults.SendBufferLimit;

    /// <summary>The time without traffic after which a connection is closed; never by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>A script that runs first; its functions and variables are available to the handlers.</summary>
    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>The reactor to run on; by default one in the foreground, for tests alone, where handlers can call mocks.</summary>
    [Parameter]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>? Reactor { get; set; }

    /// <summary>A name for lists and the log.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The file to which the log is appended.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>The lowest level of the entries that the log keeps; all by default.</summary>
    [Parameter]
    public LogLevel LogLevel { get; set; }

    /// <summary>Extra arguments for every handler, after its own, and for the initialization script, if any.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    private protected ServiceStarter Starter => new(this, this);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        PesterOperator.Register();
    }

    private protected ServerOptions ToOptions() => ((INetworkParameters)this).ToOptions(Defaults);

    /// <summary>Creates the handlers of a server.</summary>
    private protected NetworkServiceScripts<TMessage> CaptureHandlers<TMessage>(
        ReactorHost host, ScriptBlock? onMessage, OutputFormat<TMessage> format) =>
        ((INetworkParameters)this).CaptureHandlers(Starter, host, "Server", onMessage, format);

    /// <returns>The host for a server of its own; null if there is no such reactor, after an error is written.</returns>
    private protected ReactorHost? FindTestHost() => Reactor is null ? Session.GetTestHost() : FindHost(Reactor);

    /// <summary>Connects a client to a server in memory, and outputs it.</summary>
    /// <param name="server">The server.</param>
    /// <param name="create">Creates the client.</param>
    /// <param name="isOwn">Whether the server stops when the client has ended.</param>
    private protected void Connect(Server server, Func<ClientOptions, Client> create, bool isOwn)
    {
        ReactorHost host = HostOf(server.Reactor);
        if (server.Status != ServerStatus.Running)
            ThrowTerminatingError(Errors.ServerStopped(server));

        Client client = create(new ClientOptions { Host = Address.Memory.Host });
        if (isOwn)
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
        WriteObject(TestClients.WithServer(client, server));
    }
}
