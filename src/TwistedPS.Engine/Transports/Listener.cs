using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Transports;

/// <summary>A listening stream socket (Twisted's <c>Port</c>). On the loop's thread only.</summary>
internal sealed class Listener : IPollable
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly EventLoop _loop;
    private readonly IAcceptor _acceptor;
    private readonly UnixSocketFile? _file;
    private bool _closed;

    /// <summary>Binds and listens; nothing is accepted before <see cref="Start"/>.</summary>
    /// <param name="loop">The loop that accepts.</param>
    /// <param name="address">The address to listen on.</param>
    /// <param name="backlog">The largest number of connections that wait to be accepted.</param>
    /// <param name="acceptor">The receiver of its connections.</param>
    /// <param name="fileMode">The mode of the file of a UNIX socket; null leaves it to the mask of the process.</param>
    /// <exception cref="SocketException">
    /// The address is in use, not one of this machine, or forbidden; or the system has no room for it.
    /// </exception>
    public Listener(EventLoop loop, Address address, int backlog, IAcceptor acceptor, UnixFileMode? fileMode = null)
    {
        EndPoint endPoint = address.EndPoint ?? throw new ArgumentException("A memory address can't be listened on.", nameof(address));
        _loop = loop;
        _acceptor = acceptor;
        Socket = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified) { Blocking = false };
        try
        {
            if (IPAddress.IPv6Any.Equals(address.IP))
                Socket.DualMode = true;
            if (endPoint is IPEndPoint)
                Socket.Bind(endPoint);
            else
                _file = UnixSocketFile.Bind(Socket, address, fileMode);
            Socket.Listen(backlog);
            loop.Poller.Add(this);
        }
        catch
        {
            _file?.Remove();
            Socket.Dispose();
            throw;
        }

        LocalAddress = Address.From(Socket.LocalEndPoint);
    }

    public Socket Socket { get; }

    /// <summary>The address that it listens on, with the port chosen by the system if 0 was requested.</summary>
    public Address LocalAddress { get; }

    bool IPollable.IsListener => true;

    ReadOnlySpan<byte> IPollable.Unsent => default;

    public void Start()
    {
        if (!_closed)
            _loop.Poller.Watch(this, Interest.Read);
    }

    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        _file?.Remove();
        _loop.Poller.Remove(this);
        Socket.Dispose();
    }

    /// <summary>Has a loop watch an accepted socket. On that loop's thread only.</summary>
    /// <param name="loop">The loop of the connection.</param>
    /// <param name="socket">The socket; it is disposed on an error.</param>
    /// <param name="keepAlive">The time of silence before the connection is probed; 0 for never.</param>
    /// <exception cref="SocketException">The connection is gone already, or the system has no room to watch it.</exception>
    public static Transport TransportOver(EventLoop loop, Socket socket, TimeSpan keepAlive)
    {
        try
        {
            return new Transport(loop, new SocketCarrier(loop, socket, keepAlive));
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    void IPollable.OnReady(Interest ready, int sent)
    {
        if (!_closed && Accept() is { } socket)
            _acceptor.Accepted(socket);
    }

    private Socket? Accept()
    {
        try
        {
            return _loop.Poller.Accept(this);
        }
        catch (SocketException e)
        {
            // Out of descriptors, most likely: the listener stays ready, and trying again at once would spin.
            _loop.Poller.Watch(this, Interest.None);
            _loop.CallLater(s_pauseAfterFailure, Start);
            _acceptor.AcceptFailed(e);
            return null;
        }
    }
}
