using System.Net.Sockets;
using TwistedPS.Engine.Tls;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The part of a server on one of its reactors: its connections there, those whose handshakes have not ended, and those that
/// were refused. On that reactor's thread unless a member says otherwise.
/// </summary>
internal sealed class ServerPart : ServicePart
{
    private readonly Server _server;
    private readonly ServerHandshakes _handshakes;
    private int _load;

    public ServerPart(Server server, Reactor reactor, IServerHandler handler)
        : base(server, reactor, handler)
    {
        _server = server;
        _handshakes = new ServerHandshakes(transport => server.HandshakeLost(this, transport));
        Refused = new RefusedConnections(server);
    }

    /// <summary>The number of connections that are here, or on their way here. From any thread.</summary>
    public int Load => Volatile.Read(ref _load);

    public RefusedConnections Refused { get; }

    /// <summary>Serves what a listener has accepted. From any thread.</summary>
    public void Accept(Socket socket)
    {
        Enter();
        Reactor.Do(() =>
        {
            if (TransportOver(socket) is { } transport)
                _server.Serve(this, transport);
            else
                Leave();
        });
    }

    /// <summary>Counts a connection that comes here. From any thread.</summary>
    public void Enter() => Interlocked.Increment(ref _load);

    /// <summary>Counts a connection that has ended, or was none.</summary>
    public void Leave() => Interlocked.Decrement(ref _load);

    /// <summary>Begins a connection, after its handshake if it is to begin with one.</summary>
    public void Begin(Connection connection, Transport transport, Action start)
    {
        if (connection.Request is null && _server.TlsSettings is TlsServerSettings { OnRequest: false } tls)
            _handshakes.Begin(connection, transport, tls, start);
        else
            start();
    }

    /// <summary>Closes all connections, as the server stops.</summary>
    public void Stop(TimeSpan drainTime)
    {
        foreach (Connection connection in _server.ConnectionsOf(this))
            connection.Close(CloseReason.ServerStopped, drainTime);
        _handshakes.Abort(CloseReason.ServerStopped);
        Refused.Abort(CloseReason.ServerStopped);
    }

    /// <summary>Frees all connections when the reactor is gone.</summary>
    public void Abandon()
    {
        foreach (Connection connection in _server.ConnectionsOf(this))
            connection.Abandon();
        _handshakes.Abandon();
        Refused.Abandon();
        Volatile.Write(ref _load, 0);
    }

    private Transport? TransportOver(Socket socket)
    {
        try
        {
            return Listener.TransportOver(Reactor.Loop, socket, Owner.Options.KeepAlive);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            ((IAcceptor)_server).AcceptFailed(e);
            return null;
        }
        catch (SocketException e)
        {
            Owner.ReactorLog.Add(LogLevel.Debug, $"A connection was gone before it was accepted: {e.Message}");
            return null;
        }
    }
}
