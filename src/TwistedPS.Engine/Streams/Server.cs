using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Newtonsoft.Json;
using TwistedPS.Engine.Policies;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Transports;

namespace TwistedPS;

/// <summary>A server, whatever its messages. Members may be used from any thread.</summary>
public abstract partial class Server : NetworkService, IAcceptor
{
    private readonly ServerOptions _options;
    private readonly ConnectionLimit _limit;
    private readonly ConcurrentDictionary<int, Connection> _connections = new();
    private readonly RefusedConnections _refused;
    private readonly ServerHandshakes _handshakes;
    private readonly SharedBroadcasts? _shared;
    private Listener? _listener;
    private int _accepted;
    private long _closedBytesIn;
    private long _closedBytesOut;

    private protected Server(Reactor reactor, ServerOptions options, IServerHandler handler, int id, string onMessage)
        : base(reactor, options, handler, id, onMessage)
    {
        _options = options;
        Groups = new ConnectionGroups(this);
        _limit = new ConnectionLimit(options.MaxConnections, options.MaxConnectionsPerAddress);
        _handshakes = new ServerHandshakes(HandshakeLost);
        _refused = new RefusedConnections(this);
        _shared = Share(options);
    }

    /// <summary>The state of the server.</summary>
    public ServerStatus Status { get; private set; }

    /// <summary>The address that it listens on; memory for a server that accepts only connections made there.</summary>
    public Address LocalAddress { get; private set; } = Address.Memory;

    /// <summary>The .NET form of the address; null for a server in memory.</summary>
    [JsonIgnore]
    public EndPoint? EndPoint => LocalAddress.EndPoint;

    /// <summary>The port that it listens on; the system's choice if 0 was requested; 0 when it does not listen.</summary>
    public int Port => LocalAddress.Port;

    internal override Connection[] Connections => [.. _connections.Values.OrderBy(connection => connection.Id)];

    /// <summary>The groups of its connections, such as the channels of a chat.</summary>
    [JsonIgnore]
    public ConnectionGroups Groups { get; }

    /// <summary>The number of open connections.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>The number of connections accepted so far.</summary>
    public int TotalConnections => _accepted;

    /// <inheritdoc/>
    public override long BytesIn
    {
        get
        {
            lock (_connections)
                return _closedBytesIn + _connections.Values.Sum(connection => connection.BytesIn);
        }
    }

    /// <inheritdoc/>
    public override long BytesOut
    {
        get
        {
            lock (_connections)
                return _closedBytesOut + _connections.Values.Sum(connection => connection.BytesOut);
        }
    }

    /// <inheritdoc/>
    public override string Description => $"{Kind} {Name} ({LocalAddress})";

    internal IServerHandler Handler => (IServerHandler)ConnectionHandler;

    /// <summary>The name of its kind, such as "line server".</summary>
    private protected abstract string Kind { get; }

    /// <summary>Stops it without waiting.</summary>
    public override void Dispose()
    {
        _ = StopAsync(_options.DrainTime);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether it does; what OnStop starts outlives it.</summary>
    internal override bool OwnsWhatItStarts => Status != ServerStatus.Stopped;

    /// <summary>Binds, calls OnStart, and begins to accept. On the reactor's thread only.</summary>
    /// <exception cref="SocketException">The server can't listen there.</exception>
    internal void Start()
    {
        _refused.Message = EncodeRefusal();
        if (_options.Address != Address.Memory)
        {
            _listener = new Listener(Reactor.Loop, _options.Address, _options.Backlog, _options.KeepAlive, this, _options.FileMode);
            LocalAddress = _listener.LocalAddress;
        }

        CallContext? outer = Reactor.Watch.Enter(new CallContext(new HandlerCall(this, "OnStart")));
        try
        {
            Handler.Started(this);
        }
        catch
        {
            _listener?.Close();
            Status = ServerStatus.Stopped;
            EndLife();
            throw;
        }
        finally
        {
            Reactor.Watch.Exit(outer);
        }

        if (Status != ServerStatus.Starting)
            return;
        Status = ServerStatus.Running;
        Reactor.Add(this);
        ReactorLog.Add(LogLevel.Information, $"Started on {LocalAddress}");
        _shared?.Start();
        _listener?.Start();
    }

    /// <summary>Serves a connection made already, by a listener, in memory, or on a request. On the reactor's thread only.</summary>
    /// <returns>Null if it is refused.</returns>
    internal Connection? Serve(Transport transport, HttpRequest? request = null)
    {
        int number = _accepted++;
        if (WhyRefused(transport.RemoteAddress) is { } reason)
        {
            _refused.Add(transport, number, reason);
            return null;
        }

        if (Throttle is { } throttle)
            transport.Wrap(throttle.Wrap);
        Connection connection = CreateConnection(number);
        connection.Request = request;
        if (request is null && _options.Tls is { OnRequest: false } tls)
            _handshakes.Begin(connection, transport, tls, () => Begin(connection, transport));
        else
            Begin(connection, transport);
        return connection;
    }

    /// <summary>Sends bytes to some connections. A peer that doesn't keep up is dropped. Does not wait.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="messages">The number of messages in them.</param>
    /// <param name="receivers">Returns its receivers, on the reactor's thread.</param>
    internal void Broadcast(ReadOnlyMemory<byte> bytes, int messages, Func<IEnumerable<Connection>> receivers) => Reactor.Do(() =>
    {
        foreach (Connection connection in receivers())
            connection.Output.Broadcast(bytes.Span, messages);
    });

    /// <summary>Replaces the handlers, from the next event on.</summary>
    internal void Replace(IServerHandler handler) => ConnectionHandler = handler;

    /// <summary>
    /// Unbinds, closes the connections, waits up to <paramref name="drainTime"/> for them, and calls OnStop.
    /// </summary>
    internal Task StopAsync(TimeSpan drainTime)
    {
        void BeginStop()
        {
            if (Status == ServerStatus.Stopped)
                return;
            bool again = Status == ServerStatus.Stopping;
            Status = ServerStatus.Stopping;
            _shared?.Stop();
            _listener?.Close();
            foreach (Connection connection in _connections.Values)
                connection.Close(CloseReason.ServerStopped, drainTime);
            _handshakes.Abort(CloseReason.ServerStopped);
            _refused.Abort(CloseReason.ServerStopped);

            // In a turn of its own: the caller may be a handler, and handlers are not nested.
            if (!again)
                Reactor.Post(FinishStop);
        }

        Reactor.Do(BeginStop);
        return Completion;
    }

    internal override Task EndAsync(TimeSpan drainTime) => StopAsync(drainTime);

    internal override void Abandon()
    {
        _shared?.Stop();
        _listener?.Close();
        foreach (Connection connection in _connections.Values)
            connection.Abandon();
        _connections.Clear();
        _handshakes.Abandon();
        _refused.Abandon();
        Status = ServerStatus.Stopped;
        Reactor.Remove(this);
        EndLife();
    }

    void IAcceptor.Accepted(Transport transport) => Serve(transport);

    void IAcceptor.AcceptedTooLate(SocketException error) =>
        ReactorLog.Add(LogLevel.Debug, $"A connection was gone before it was accepted: {error.Message}");

    void IAcceptor.AcceptFailed(SocketException error) =>
        ReactorLog.Add(LogLevel.Error, $"No connection could be accepted: {error.Message}");

    internal override void ConnectionMade(Connection connection)
    {
        connection.Log(LogLevel.Information, $"Client connection from {connection.RemoteAddress.Host}");
        base.ConnectionMade(connection);
    }

    internal override void ConnectionLost(Connection connection, CloseReason reason, Exception? error)
    {
        // A sum of the bytes taken meanwhile must not miss those of this one.
        lock (_connections)
        {
            _closedBytesIn += connection.BytesIn;
            _closedBytesOut += connection.BytesOut;
            _connections.TryRemove(connection.Id, out _);
        }

        Groups.Table.Remove(connection);
        _limit.Leave(connection.RemoteAddress);
        connection.Log(LogLevel.Information, $"Lost client connection. Reason: {Describe(reason, error)}");
        try
        {
            base.ConnectionLost(connection, reason, error);
        }
        finally
        {
            FinishStop();
        }
    }

    private protected abstract Connection CreateConnection(int number);

    private void Begin(Connection connection, Transport transport)
    {
        _connections[connection.Id] = connection;
        connection.Start(transport);
    }

    private void HandshakeLost(Transport transport)
    {
        _limit.Leave(transport.RemoteAddress);
        FinishStop();
    }

    private void FinishStop()
    {
        if (Status != ServerStatus.Stopping || !_connections.IsEmpty || _handshakes.Any)
            return;
        Status = ServerStatus.Stopped;
        try
        {
            Call(new HandlerCall(this, "OnStop"), null, this, static server => server.Handler.Stopped(server));
        }
        finally
        {
            Reactor.Remove(this);
            ReactorLog.Add(LogLevel.Information, "Stopped");
            LogsWritten.ContinueWith(_ => EndLife(), TaskScheduler.Default);
        }
    }
}
