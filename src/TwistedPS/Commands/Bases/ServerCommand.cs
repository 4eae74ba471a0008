using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The base of the cmdlets that start a server (Twisted's listenTCP and listenUNIX).</summary>
public abstract partial class ServerCommand : TwistedCommand, INetworkParameters, IReactorsParameters
{
    private protected const string OnEndpoint = "Endpoint";
    private protected const string OnPort = "Port";
    private protected const string OnPath = "Path";

    private static readonly ServerOptions s_defaults = new();

    /// <summary>
    /// The port to listen on, 0 for any free port; or <c>host:port</c>, or an endpoint string such as
    /// <c>tcp:80:interface=::1</c> or <c>unix:/run/x.sock</c>.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = OnEndpoint)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServerEndpointCompleter))]
    public string? Endpoint { get; set; }

    /// <summary>The port to listen on; 0 for any free port.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OnPort)]
    [PortTransformation(MayBeZero = true)]
    [ArgumentCompleter(typeof(ListenPortCompleter))]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>
    /// The path of the UNIX socket to listen on, or on Linux an abstract name after an @. The file of a socket that nobody
    /// serves is replaced, and the file is removed at the end.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = OnPath)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The mode of the file of a UNIX socket, in octal, such as 660; by default that of any new file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string? FileMode { get; set; }

    /// <summary>The address to listen on, * for all; 127.0.0.1 by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AddressCompleter))]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The largest number of connections that wait to be accepted; 512 by default.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int Backlog { get; set; } = s_defaults.Backlog;

    /// <summary>The largest number of open connections; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxConnections { get; set; }

    /// <summary>The largest number of open connections from one address, or at a UNIX socket from one user; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>Serves until the server stops or Ctrl+C is pressed, with the handlers in this session.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: outputs the server before serving.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

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

    /// <summary>
    /// The number of reactors that serve the connections, each on a thread of its own, 1 by default. The first accepts, and
    /// each connection stays on the one that had the fewest. Handlers of one reactor run one at a time and have $script:
    /// variables of their own; $Server.State is one for all.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ReactorCount { get; set; } = 1;

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

    private ServiceStarter Starter => new(this, this);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        EndpointString place = this.ReadListener(Endpoint, Port, Path, FileMode);
        if (place.Path is null)
            this.Require(nameof(Address), place, (place.Interface ?? Address) == Address);
        else
            this.RefuseParameter([nameof(Address), nameof(AllowAddress), nameof(DenyAddress)], "at a UNIX socket");
        this.Require(nameof(Backlog), place, (place.Backlog ?? Backlog) == Backlog);
        ServerOptions options = ((INetworkParameters)this).ToOptions(s_defaults) with
        {
            AllowHalfOpen = OnEnd is not null || Conversation is not null,
            Backlog = place.Backlog ?? Backlog,
            FileMode = place.Mode,
            MaxConnections = MaxConnections,
            MaxConnectionsPerAddress = MaxConnectionsPerAddress,
            Tls = new TlsReader(this).Read(this, place),
            TrafficLog = this.ReadTrafficLog(TrafficLog),
            Addresses = this.ReadAddresses(AllowAddress, DenyAddress),
            RefusedMessage = RefusedMessage,
            ServerBytesPerSecond = ServerBytesPerSecond,
        };
        if (Wait)
            Starter.Serve(host => Listen(host, place, options), PassThru);
        else if (FindHost(Reactor) is { } host)
            WriteObject(Listen(host, place, options));
    }

    /// <summary>Creates a server.</summary>
    private protected abstract Server CreateServer(Reactor reactor, ServerOptions options, IServerHandler handler);

    /// <summary>Captures the handlers for a reactor.</summary>
    private protected abstract IServerHandler CaptureHandlers(ReactorHost host);

    /// <summary>Captures the handlers for a reactor, and the conversations in place of one for messages.</summary>
    /// <param name="host">The reactor.</param>
    /// <param name="messageParameter">The name of the parameter of the handler for messages.</param>
    /// <param name="onMessage">The handler for messages.</param>
    /// <param name="output">The format of the handlers' output.</param>
    /// <param name="format">The wire format of messages.</param>
    /// <param name="toMessage">Returns a text as a message.</param>
    private protected NetworkServiceScripts<TMessage> CaptureHandlers<TMessage>(
        ReactorHost host,
        string messageParameter,
        ScriptBlock? onMessage,
        OutputFormat<TMessage> output,
        IMessageFormat<TMessage> format,
        Func<string, TMessage> toMessage)
    {
        CheckConversation(messageParameter);
        if (onMessage is null && OnConnect is null && Conversation is null)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, $"-{messageParameter}, or -{nameof(Conversation)} or -{nameof(OnConnect)}"));
        NetworkServiceScripts<TMessage> scripts = ((INetworkParameters)this).CaptureHandlers(Starter, host, "Server", onMessage, output);
        scripts.Conversations = CaptureConversations(format, toMessage);
        return scripts;
    }

    private Server Listen(ReactorHost host, EndpointString place, ServerOptions options)
    {
        string name = place.Interface ?? Address;
        try
        {
            Server server = CreateServer(
                host.Reactor,
                options with
                {
                    Address = place.Path is { } path
                        ? TwistedPS.Address.OfPath(path)
                        : TwistedPS.Address.From(new IPEndPoint(Resolve(host, name), place.Port!.Value)),
                },
                CaptureHandlers(host));
            Starter.Start(host, server, server.Start, other => server.AddReactor(other.Reactor, CaptureHandlers(other)), server.Prepare);
            return server;
        }
        catch (InvalidMessageException e)
        {
            ThrowTerminatingError(Errors.MessageRefused(e, RefusedMessage!));
            throw;
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(place.Path is { } path ? Errors.ListenFailed(e, path) : Errors.ListenFailed(e, name, place.Port!.Value, this.UserOf(place.Port.Value)));
            throw;
        }
    }

    private IPAddress Resolve(ReactorHost host, string name)
    {
        if (name == "*")
            return IPAddress.IPv6Any;
        return IPAddress.TryParse(name, out IPAddress? address) ? address : this.LookUp(host, name)[0];
    }
}
