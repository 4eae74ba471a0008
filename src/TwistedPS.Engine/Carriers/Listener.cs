using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Carriers;

/// <summary>A listening TCP socket (Twisted's <c>Port</c>). On the reactor's thread only.</summary>
internal sealed class Listener : IPollable
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Reactor _reactor;
    private readonly IAcceptor _acceptor;
    private bool _closed;

    /// <summary>Binds and listens; nothing is accepted before <see cref="Start"/>.</summary>
    /// <exception cref="SocketException">The address is in use, not of this machine, or forbidden.</exception>
    public Listener(Reactor reactor, IPEndPoint endPoint, int backlog, IAcceptor acceptor)
    {
        _reactor = reactor;
        _acceptor = acceptor;
        Socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                Socket.DualMode = true;
            Socket.Bind(endPoint);
            Socket.Listen(backlog);
        }
        catch
        {
            Socket.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)Socket.LocalEndPoint!;
        reactor.Poller.Add(this);
    }

    public Socket Socket { get; }

    /// <summary>Where it listens; the port is the one that the system chose if 0 was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    bool IPollable.IsListener => true;

    ReadOnlySpan<byte> IPollable.Unsent => default;

    public void Start()
    {
        if (!_closed)
            _reactor.Poller.Watch(this, Interest.Read);
    }

    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        _reactor.Poller.Remove(this);
        Socket.Dispose();
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
            return _reactor.Poller.Accept(this);
        }
        catch (SocketException e)
        {
            // Out of descriptors, most likely: the listener stays ready, and asking at once would spin.
            _reactor.Poller.Watch(this, Interest.None);
            _reactor.CallLater(s_pauseAfterFailure, Start);
            _acceptor.AcceptFailed(e);
            return null;
        }
    }
}
