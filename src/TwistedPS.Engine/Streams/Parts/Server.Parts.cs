using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Transports;

namespace TwistedPS;

// What it has on several reactors.
public abstract partial class Server
{
    private ServerPart[] _parts;
    private Connection[]? _inOrder;

    /// <summary>The number of reactors that serve its connections.</summary>
    public int ReactorCount => _parts.Length;

    internal override ServicePart Part => _parts[0];

    internal override IEnumerable<ServicePart> Parts => _parts;

    /// <summary>
    /// Adds a reactor that serves a share of the connections with handlers of its own, and that ends with the server: whoever runs
    /// it disposes of it then. Before the start, on one thread.
    /// </summary>
    internal void AddReactor(Reactor reactor, IServerHandler handler)
    {
        AddReactor(reactor);
        _parts = [.. _parts, new ServerPart(this, reactor, handler)];
    }

    /// <summary>Prepares the handlers on a further reactor, on its thread. Before the start.</summary>
    internal void Prepare(Reactor reactor) => Prepare(reactor, HandlerOn(reactor).Prepare);

    /// <summary>Returns the handlers on one of its reactors.</summary>
    internal IServerHandler HandlerOn(Reactor reactor) => (IServerHandler)PartOn(reactor).ConnectionHandler;

    /// <summary>Replaces the handlers on one of its reactors, from the next event on. On that reactor's thread only.</summary>
    internal void Replace(IServerHandler handler, Reactor reactor) => PartOn(reactor).ConnectionHandler = handler;

    internal IEnumerable<Connection> ConnectionsOf(ServerPart part) => _connections.Values.Where(connection => connection.Part == part);

    internal void HandshakeLost(ServerPart part, Transport transport)
    {
        _limit.Leave(transport.RemoteAddress);
        Left(part);
    }

    /// <summary>All connections, the oldest first, for those of the calling thread to be picked. On the thread of one of its reactors.</summary>
    private Connection[] InOrder => _parts.Length == 1 ? _inOrder ??= Connections : Connections;

    private ServerPart PartOn(Reactor reactor) => Array.Find(_parts, part => part.Reactor == reactor)!;

    private void Left(ServerPart part)
    {
        part.Leave();
        if (Status == ServerStatus.Stopping)
            Reactor.Do(FinishStop);
    }
}
