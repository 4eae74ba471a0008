using System.Management.Automation;
using System.Net;
using TwistedPS.Completers;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Policies;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The base of the cmdlets that connect to a server (Twisted's connectTCP and connectUNIX).</summary>
public abstract partial class ClientCommand : TwistedCommand, INetworkParameters
{
    private protected const string ToEndpoint = "Endpoint";
    private protected const string ToHost = "Host";
    private protected const string ToPath = "Path";
    private protected const string Again = "Client";

    private static readonly ClientOptions s_defaults = new();
    private static readonly ReconnectPolicy s_policy = new();

    private static readonly string[] s_growth =
        [nameof(ReconnectDelay), nameof(ReconnectMaxDelay), nameof(ReconnectFactor), nameof(ReconnectJitter)];

    /// <summary>
    /// The name or address of the host, <c>host:port</c>, or an endpoint string such as <c>tcp:host:80:timeout=5</c> or
    /// <c>unix:/run/x.sock</c>.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToEndpoint, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToHost, ValueFromPipelineByPropertyName = true)]
    [Alias("Endpoint")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClientEndpointCompleter))]
    public string ComputerName { get; set; } = "";

    /// <summary>The port of the host, from 1 to 65535, where the ComputerName has none.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ToHost, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ToEndpoint, ValueFromPipelineByPropertyName = true)]
    [PortTransformation]
    [ArgumentCompleter(typeof(NamedCompleter<PortCompleter>))]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>The path of a UNIX socket, or on Linux an abstract name after an @.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToPath)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Called before each attempt to connect; $_ is the client.</summary>
    [Parameter]
    public ScriptBlock? OnConnecting { get; set; }

    /// <summary>Called after each failed attempt to connect; $_ is the error.</summary>
    [Parameter]
    public ScriptBlock? OnConnectFailed { get; set; }

    /// <summary>The longest time for an attempt to connect; 30 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("ConnectionTimeoutSeconds")]
    public TimeSpan ConnectTimeout { get; set; } = s_defaults.ConnectTimeout;

    /// <summary>The local address, or address and port, to connect from; chosen by the system by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    public IPEndPoint? LocalEndPoint { get; set; }

    /// <summary>Connects again after every lost or failed connection, until the client is disconnected.</summary>
    [Parameter]
    public SwitchParameter Reconnect { get; set; }

    /// <summary>A fixed delay before each reconnect, in place of one that grows. It implies -Reconnect.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan? ReconnectEvery { get; set; }

    /// <summary>The first delay, which each failed attempt multiplies; 1 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan ReconnectDelay { get; set; } = s_policy.InitialDelay;

    /// <summary>The longest delay; 60 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan ReconnectMaxDelay { get; set; } = s_policy.MaxDelay;

    /// <summary>The factor by which each failed attempt multiplies the delay; 1.5 by default.</summary>
    [Parameter]
    [ValidateRange(1.0, 1000.0)]
    public double ReconnectFactor { get; set; } = s_policy.Factor;

    /// <summary>The largest random addition to a delay; 1 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan ReconnectJitter { get; set; } = s_policy.Jitter;

    /// <summary>The number of failed attempts to reconnect in a row before it gives up; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? ReconnectAttempts { get; set; }

    /// <summary>
    /// Lets the client go on when the connection has ended whose handler calls this, and the connection close before it.
    /// </summary>
    [Parameter]
    public SwitchParameter Detached { get; set; }

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

    /// <summary>
    /// The time of silence after which the system asks the peer, up to five times, whether it is still there: every 10 s, or
    /// as often as this if it is less. A connection without an answer is lost. 60 s by default, 9 h at most; 0 for never.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan KeepAlive { get; set; } = s_defaults.KeepAlive;

    /// <summary>A script that runs first, in the scope of the handlers, which have its functions and variables.</summary>
    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>The reactor to run on; by default the session's own, or in a handler the one that runs it.</summary>
    [Parameter]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>? Reactor { get; set; }

    /// <summary>A name for lists and the log; the kind and a number by default, such as LineServer1.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The file to which the log is appended; none by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>The lowest level of the entries that the log keeps; all by default.</summary>
    [Parameter]
    public LogLevel LogLevel { get; set; }

    /// <summary>Extra arguments for every handler, after its own, and for the initialization script; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>Creates a client from the parameters.</summary>
    /// <returns>The client; null if there is no such reactor, after an error is written.</returns>
    private protected TClient? CreateClient<TClient, TMessage>(
        ScriptBlock? onMessage, OutputFormat<TMessage> format, Func<ReactorHost, ClientOptions, IClientHandler, TClient> create)
        where TClient : Client
    {
        ReconnectPolicy? policy = FindPolicy();
        EndpointString place = this.ReadServer(ComputerName, Port, Path);
        this.Require(nameof(ConnectTimeout), place, (place.Timeout ?? ConnectTimeout) == ConnectTimeout);
        IPEndPoint? local = FindLocalEndPoint(place);
        if (FindHost(Reactor) is not { } host)
            return null;
        var starter = new ServiceStarter(this, this);
        INetworkParameters given = this;
        NetworkServiceScripts<TMessage> scripts = given.CaptureHandlers(starter, host, "Client", onMessage, format);
        ClientOptions options = given.ToOptions(s_defaults) with
        {
            Host = place.Server.Host,
            Port = place.Server.Port,
            ConnectTimeout = place.Timeout ?? ConnectTimeout,
            LocalEndPoint = local,
            Reconnect = policy,
            Tls = new TlsReader(this).Read(this, place),
            TrafficLog = this.ReadTrafficLog(TrafficLog),
        };
        TClient client = create(host, options, scripts);
        _startedFor = Detached ? null : Session.StarterOn(host);
        starter.Start(host, client, () =>
        {
            scripts.Initialize();
            _startedFor?.Own(client, isAnswer: policy is null);
        });
        return client;
    }

    private IPEndPoint? FindLocalEndPoint(EndpointString place)
    {
        if (place.Path is not null && LocalEndPoint is not null)
            ThrowTerminatingError(Errors.ParameterWithoutEffect(nameof(LocalEndPoint), "at a UNIX socket"));
        IPEndPoint? said = place.BindAddress is { } address ? new IPEndPoint(address, 0) : null;
        this.Require(nameof(LocalEndPoint), place, said is null || said.Equals(LocalEndPoint));
        return said ?? LocalEndPoint;
    }

    private ReconnectPolicy? FindPolicy()
    {
        if (ReconnectEvery is { } delay)
        {
            this.RefuseParameter(s_growth, "with -ReconnectEvery");
            return ReconnectPolicy.Fixed(delay) with { MaxAttempts = ReconnectAttempts };
        }

        if (!Reconnect)
        {
            this.RefuseParameter([.. s_growth, nameof(ReconnectAttempts)], "without -Reconnect");
            return null;
        }

        return new ReconnectPolicy
        {
            InitialDelay = ReconnectDelay,
            MaxDelay = ReconnectMaxDelay,
            Factor = ReconnectFactor,
            Jitter = ReconnectJitter,
            MaxAttempts = ReconnectAttempts,
        };
    }
}
