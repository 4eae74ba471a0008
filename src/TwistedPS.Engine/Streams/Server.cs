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
    private readonly SharedBroadcasts? _shared;
    private Listener? _listener;
    private int _accepted;
    private long _closedBytesIn;
    private long _closedBytesOut;

    private protected Server(Reactor reactor, ServerOptions options, IServerHandler handler, int id, string onMessage)
        : base(reactor, options, id, onMessage)
    {
        _parts = [new ServerPart(this, reactor, handler)];
        _options = options;
        Groups = new ConnectionGroups(this);
        _limit = new ConnectionLimit(options.MaxConnections, options.MaxConnectionsPerAddress);
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

    /// <summary>The number of bytes that wait for the peers of its connections to read.</summary>
    internal long UnsentBytes => _connections.Sum(connection => (long)connection.Value.UnsentBytes);

    /// <inheritdoc/>
    public override string Description => $"{Kind} {Name} ({LocalAddress})";

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
        foreach (ServerPart part in _parts)
            part.Refused.Message = EncodeRefusal();
        if (_options.Address != Address.Memory)
        {
            _listener = new Listener(Reactor.Loop, _options.Address, _options.Backlog, this, _options.FileMode);
            LocalAddress = _listener.LocalAddress;
        }

        CallContext? outer = Reactor.Watch.Enter(new CallContext(new HandlerCall(this, "OnStart")));
        try
        {
            ((IServerHandler)ConnectionHandler).Started(this);
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
        foreach (ServerPart part in _parts)
            part.Reactor.Add(this);
        ReactorLog.Add(LogLevel.Information, $"Started on {LocalAddress}");
        _shared?.Start();
        _listener?.Start();
    }

    /// <summary>Serves a connection made already, in memory or on a request. On the reactor's thread only.</summary>
    /// <returns>Null if it is refused.</returns>
    internal Connection? Serve(Transport transport, HttpRequest? request = null)
    {
        _parts[0].Enter();
        return Serve(_parts[0], transport, request);
    }

    /// <summary>Serves a connection that has entered a part. On its reactor's thread only.</summary>
    /// <returns>Null if it is refused.</returns>
    internal Connection? Serve(ServerPart part, Transport transport, HttpRequest? request = null)
    {
        int number = Interlocked.Increment(ref _accepted) - 1;
        if (WhyRefused(transport.RemoteAddress) is { } reason)
        {
            part.Leave();
            part.Refused.Add(transport, number, reason);
            return null;
        }

        if (Throttle is { } throttle)
            transport.Wrap(carrier => throttle.Wrap(carrier, transport.Loop));
        Connection connection = CreateConnection(part, number);
        connection.Request = request;
        part.Begin(connection, transport, () => Begin(connection, transport));
        return connection;
    }

    /// <summary>Sends bytes to some connections. A peer that doesn't keep up is dropped. Does not wait.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="messages">The number of messages in them.</param>
    /// <param name="receivers">Returns its receivers, on the thread of each of its reactors.</param>
    internal void Broadcast(ReadOnlyMemory<byte> bytes, int messages, Func<IEnumerable<Connection>> receivers)
    {
        foreach (ServerPart part in _parts)
        {
            part.Reactor.Do(() =>
            {
                foreach (Connection connection in receivers())
                {
                    if (connection.Part == part)
                        connection.Output.Broadcast(bytes.Span, messages);
                }
            });
        }
    }

    /// <summary>Replaces the handlers, from the next event on. On the reactor's thread only.</summary>
    internal void Replace(IServerHandler handler) => Replace(handler, Reactor);

    /// <summary>
    /// Unbinds, closes the connections, waits up to <paramref name="drainTime"/> for them, and calls OnStop.
    /// </summary>
    internal Task StopAsync(TimeSpan drainTime)
    {
        Reactor.Do(() => BeginStop(drainTime));
        return Completion;
    }

    internal override Task EndAsync(TimeSpan drainTime) => StopAsync(drainTime);

    internal override void Abandon() => Abandon(Reactor);

    internal override void Abandon(Reactor reactor)
    {
        ServerPart part = PartOn(reactor);
        part.Abandon();
        foreach (Connection connection in ConnectionsOf(part))
            _connections.TryRemove(connection.Id, out _);
        reactor.Remove(this);
        if (reactor != Reactor)
        {
            _ = StopAsync(TimeSpan.Zero);
            return;
        }

        _shared?.Stop();
        _listener?.Close();
        Status = ServerStatus.Stopped;
        EndReactors();
        _ = HandlerOn(Reactor).EndWork();
        EndLife();
    }

    void IAcceptor.Accepted(Socket socket) => _parts.MinBy(part => part.Load)!.Accept(socket);

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

        _inOrder = null;
        Groups.Table.Remove(connection);
        _limit.Leave(connection.RemoteAddress);
        connection.Log(LogLevel.Information, $"Lost client connection. Reason: {Describe(reason, error)}");
        try
        {
            base.ConnectionLost(connection, reason, error);
        }
        finally
        {
            Left((ServerPart)connection.Part);
        }
    }

    private protected abstract Connection CreateConnection(ServicePart part, int number);

    private void Begin(Connection connection, Transport transport)
    {
        _connections[connection.Id] = connection;
        _inOrder = null;
        connection.Start(transport);
    }

    private void BeginStop(TimeSpan drainTime)
    {
        if (Status == ServerStatus.Stopped)
            return;
        Status = ServerStatus.Stopping;
        _shared?.Stop();
        _listener?.Close();
        foreach (ServerPart part in _parts)
        {
            part.Reactor.Do(() =>
            {
                part.Stop(drainTime);

                // In a turn of its own: the caller may be a handler, and handlers are not nested.
                Reactor.Post(FinishStop);
            });
        }
    }

    private void FinishStop()
    {
        if (Status != ServerStatus.Stopping || _parts.Any(part => part.Load > 0))
            return;
        Status = ServerStatus.Stopped;
        try
        {
            Call(new HandlerCall(this, "OnStop"), null, this, static server => ((IServerHandler)server.ConnectionHandler).Stopped(server));
        }
        finally
        {
            Reactor.Remove(this);
            ReactorLog.Add(LogLevel.Information, "Stopped");
            Task.WhenAll(LogsWritten, EndReactors(), HandlerOn(Reactor).EndWork()).ContinueWith(_ => EndLife(), TaskScheduler.Default);
        }
    }
}
