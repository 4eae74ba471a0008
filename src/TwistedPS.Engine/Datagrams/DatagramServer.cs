using System.ComponentModel;
using System.Net.Sockets;
using TwistedPS.Engine.Datagrams;

namespace TwistedPS;

/// <summary>A socket to which anybody may send datagrams (Twisted's <c>listenUDP</c>, <c>listenUNIXDatagram</c>).</summary>
[DisplayName("UdpServer")]
public sealed class DatagramServer : DatagramService
{
    private static int s_lastId;

    internal DatagramServer(Reactor reactor, DatagramOptions options, IDatagramHandler handler)
        : base(reactor, options, handler, Interlocked.Increment(ref s_lastId))
    {
    }

    /// <summary>The port that it listens on; the system's choice if 0 was requested; 0 on a UNIX socket.</summary>
    public int Port => LocalAddress.Port;

    /// <summary>The port of the page with the metrics of this process that it keeps open; null for none.</summary>
    public int? MetricsPort => MetricsPagePort;

    /// <summary>The number of reactors that handle what its peers send.</summary>
    public int ReactorCount => Reactors.Count();

    /// <inheritdoc/>
    public override string Description => $"UDP server {Name} ({LocalAddress})";

    /// <summary>
    /// Adds a reactor that handles what a share of the peers sends with handlers of its own, and that ends with the server: whoever
    /// runs it disposes of it then. Before the start, on one thread.
    /// </summary>
    internal void AddReactor(Reactor reactor, IDatagramHandler handler) => AddPart(reactor, handler);

    /// <summary>Binds, calls OnStart, and begins to receive. On the reactor's thread only.</summary>
    /// <exception cref="SocketException">The server can't listen there, or not join a group.</exception>
    /// <exception cref="FormatException">There is no such group or interface.</exception>
    internal void Start() => Start(() => Open(DatagramBinding.Bind(Options)));

    /// <summary>Starts in memory, calls OnStart, and begins to receive. On the reactor's thread only.</summary>
    internal void StartInMemory() => Start(() => new DatagramMemory(Reactor.Loop).OpenServer(this));

    private DatagramSocket Open(DatagramBinding binding) => new(CreateReceivingLoop(), binding, Output.Queue, this);
}
