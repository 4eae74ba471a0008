using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Carriers;

/// <summary>A connection over a stream socket.</summary>
internal sealed class SocketTransport : StreamTransport, IPollable
{
    private Interest _watched;

    public SocketTransport(Reactor reactor, Socket socket)
        : base(reactor)
    {
        Socket = socket;
        socket.Blocking = false;
        if (socket.ProtocolType == ProtocolType.Tcp)
            socket.NoDelay = true;
        LocalEndPoint = WithoutMapping(socket.LocalEndPoint);
        RemoteEndPoint = WithoutMapping(socket.RemoteEndPoint);
        reactor.Poller.Add(this);
    }

    public Socket Socket { get; }

    public bool IsListener => false;

    public override EndPoint? LocalEndPoint { get; }

    public override EndPoint? RemoteEndPoint { get; }

    ReadOnlySpan<byte> IPollable.Unsent => UnsentSpan;

    void IPollable.OnReady(Interest ready, int sent) => Ready(ready, sent);

    /// <summary>A socket for both IP versions shows IPv4 addresses as IPv6; people and limits know them as what they are.</summary>
    private static EndPoint? WithoutMapping(EndPoint? endPoint) => endPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
        ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)
        : endPoint;

    protected override int Receive(Span<byte> buffer, out SocketError error) =>
        Socket.Receive(buffer, SocketFlags.None, out error);

    protected override int Send(ReadOnlySpan<byte> data, out SocketError error) =>
        Socket.Send(data, SocketFlags.None, out error);

    protected override void EndSending()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.NotConnected or SocketError.ConnectionReset)
        {
            // The peer has gone already; the next read says so.
        }
    }

    protected override void Watch(Interest interest)
    {
        // A poller that sends for itself must be told again for each send, even if nothing else changed.
        if (interest == _watched && !interest.HasFlag(Interest.Write))
            return;
        _watched = interest;
        Reactor.Poller.Watch(this, interest);
    }

    protected override void Dispose(bool abort)
    {
        Reactor.Poller.Remove(this);
        if (abort)
            Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }
}
