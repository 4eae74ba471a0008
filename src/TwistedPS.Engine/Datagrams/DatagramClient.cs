using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Datagrams;

namespace TwistedPS;

/// <summary>
/// A socket for datagrams with one peer, whose refusals are errors (Twisted's <c>transport.connect</c>,
/// <c>connectUNIXDatagram</c>).
/// </summary>
[DisplayName("UdpClient")]
public sealed class DatagramClient : DatagramService
{
    private static int s_lastId;

    private readonly Address _remote;

    internal DatagramClient(Reactor reactor, DatagramOptions options, Address remote, string host, IDatagramHandler handler)
        : base(reactor, options, handler, Interlocked.Increment(ref s_lastId)) => (_remote, Host) = (remote, host);

    /// <summary>The host, as it was given; the path of a UNIX socket.</summary>
    public string Host { get; }

    /// <summary>The port of the host; 0 on a UNIX socket.</summary>
    public int Port => _remote.Port;

    /// <summary>The address of the peer.</summary>
    public Address RemoteAddress => _remote;

    /// <inheritdoc/>
    public override string Description => $"UDP client {Name} ({_remote})";

    /// <summary>Sends the peer a datagram of bytes. Off the reactor's thread an error is only recorded.</summary>
    /// <exception cref="MessageTooLongException">No datagram can be as long.</exception>
    /// <exception cref="NotConnectedException">The client has stopped.</exception>
    /// <exception cref="SocketException">The system refuses it.</exception>
    public void Send(byte[] data) => Output.Send(data, null);

    /// <summary>Sends the peer a datagram of text in the client's encoding.</summary>
    /// <inheritdoc cref="Send(byte[])"/>
    public void Send(string text) => Output.Send(Encoding.GetBytes(text), null);

    /// <summary>Connects, calls OnStart, and begins to receive. On the reactor's thread only.</summary>
    /// <exception cref="SocketException">There is no way to the peer.</exception>
    internal void Start() => Start(() => new DatagramSocket(Reactor.Loop, DatagramBinding.Connect(Options, _remote), Output.Queue, this));

    /// <summary>Connects in memory, to a server there. On the reactor's thread only.</summary>
    /// <param name="memory">The memory of the server.</param>
    /// <param name="from">The address that the server sees; null for one of its own.</param>
    /// <exception cref="SocketException">Another client has this address.</exception>
    internal void StartInMemory(DatagramMemory memory, IPEndPoint? from) => Start(() => memory.OpenClient(this, from));
}
