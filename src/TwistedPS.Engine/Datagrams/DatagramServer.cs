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

    /// <inheritdoc/>
    public override string Description => $"UDP server {Name} ({LocalAddress})";

    /// <summary>Binds, calls OnStart, and begins to receive. On the reactor's thread only.</summary>
    /// <exception cref="SocketException">The server can't listen there, or not join a group.</exception>
    /// <exception cref="FormatException">There is no such group or interface.</exception>
    internal void Start() => Start(() => new DatagramSocket(Reactor.Loop, DatagramBinding.Bind(Options), Output.Queue, this));

    /// <summary>Starts in memory, calls OnStart, and begins to receive. On the reactor's thread only.</summary>
    internal void StartInMemory() => Start(() => new DatagramMemory(Reactor.Loop).OpenServer(this));
}
