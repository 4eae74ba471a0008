using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Carriers;

/// <summary>A carrier of bytes over a stream socket.</summary>
internal sealed class SocketCarrier : ICarrier, IPollable
{
    private readonly IPoller _poller;
    private Interest _watched;

    /// <param name="loop">The loop that polls it.</param>
    /// <param name="socket">The connected socket.</param>
    /// <param name="keepAlive">The time of silence before the first probe of a TCP connection; 0 for no probes.</param>
    /// <exception cref="SocketException">The connection is already gone.</exception>
    public SocketCarrier(EventLoop loop, Socket socket, TimeSpan keepAlive)
    {
        _poller = loop.Poller;
        Socket = socket;
        socket.Blocking = false;
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
            KeepAlive.Set(socket, keepAlive);
        }

        LocalAddress = Address.From(socket.LocalEndPoint);
        RemoteAddress = Address.OfPeer(socket);
        _poller.Add(this);
    }

    public Socket Socket { get; }

    public bool IsListener => false;

    public Address LocalAddress { get; }

    public Address RemoteAddress { get; }

    public PooledBuffer Unsent { get; } = new();

    ReadOnlySpan<byte> IPollable.Unsent => Unsent.Span;

    public Action<Interest, int>? Ready { get; set; }

    public int Receive(Memory<byte> buffer, out SocketError error) =>
        Socket.Receive(buffer.Span, SocketFlags.None, out error);

    public int Send(out SocketError error)
    {
        int sent = Socket.Send(Unsent.Span, SocketFlags.None, out error);
        if (error == SocketError.Success)
            Unsent.Consume(sent);
        return sent;
    }

    public void EndSending()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.NotConnected or SocketError.ConnectionReset)
        {
            // The peer is already gone; the next read reports it.
        }
    }

    public void Watch(Interest interest)
    {
        // A poller that sends by itself must be told again for each send, even if nothing else has changed.
        if (interest == _watched && !interest.HasFlag(Interest.Write))
            return;
        _watched = interest;
        _poller.Watch(this, interest);
    }

    public void Dispose(bool abort)
    {
        Unsent.Release();
        _poller.Remove(this);
        if (abort)
            Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    void IPollable.OnReady(Interest ready, int sent)
    {
        // It may have been disposed since the poller sent.
        Unsent.Consume(Math.Min(sent, Unsent.Length));
        Ready?.Invoke(ready, sent);
    }
}
