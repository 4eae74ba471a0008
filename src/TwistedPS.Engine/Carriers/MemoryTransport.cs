using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Carriers;

/// <summary>One end of a connection that never leaves the process. Both ends live on one reactor.</summary>
internal sealed class MemoryTransport : StreamTransport
{
    private const int Capacity = 65536;

    private readonly PooledBuffer _inbox = new();
    private readonly int _largestRead;
    private MemoryTransport _peer;
    private Interest _interest;
    private bool _inboxEnded;
    private bool _inboxReset;
    private bool _queued;

    private MemoryTransport(Reactor reactor, int largestRead)
        : base(reactor)
    {
        _largestRead = largestRead;
        _peer = this;
    }

    public override EndPoint? LocalEndPoint => null;

    public override EndPoint? RemoteEndPoint => null;

    /// <summary>Makes a connection.</summary>
    /// <param name="reactor">The reactor of both ends.</param>
    /// <param name="largestRead">How many bytes arrive at once at most.</param>
    public static (MemoryTransport Near, MemoryTransport Far) CreatePair(Reactor reactor, int largestRead = Capacity)
    {
        var near = new MemoryTransport(reactor, largestRead);
        var far = new MemoryTransport(reactor, largestRead) { _peer = near };
        near._peer = far;
        return (near, far);
    }

    protected override int Receive(Span<byte> buffer, out SocketError error)
    {
        int count = Math.Min(Math.Min(buffer.Length, _inbox.Length), _largestRead);
        error = count > 0 ? SocketError.Success
            : _inboxReset ? SocketError.ConnectionReset
            : _inboxEnded ? SocketError.Success
            : SocketError.WouldBlock;
        _inbox.Span[..count].CopyTo(buffer);
        _inbox.Consume(count);
        _peer.QueueIfReady();
        return count;
    }

    protected override int Send(ReadOnlySpan<byte> data, out SocketError error)
    {
        int count = Math.Min(data.Length, Capacity - _peer._inbox.Length);
        error = _peer.IsEnded ? SocketError.ConnectionReset
            : count == 0 ? SocketError.WouldBlock
            : SocketError.Success;
        if (error != SocketError.Success)
            return 0;
        data[..count].CopyTo(_peer._inbox.GetSpan(count));
        _peer._inbox.Advance(count);
        _peer.QueueIfReady();
        return count;
    }

    protected override void EndSending()
    {
        _peer._inboxEnded = true;
        _peer.QueueIfReady();
    }

    protected override void Watch(Interest interest)
    {
        _interest = interest;
        QueueIfReady();
    }

    protected override void Dispose(bool abort)
    {
        _inbox.Release();
        _peer._inboxEnded = true;
        _peer._inboxReset = abort;
        _peer.QueueIfReady();
    }

    private Interest ReadyNow()
    {
        Interest ready = Interest.None;
        if (_inbox.Length > 0 || _inboxEnded)
            ready |= Interest.Read;
        if (_peer._inbox.Length < Capacity || _peer.IsEnded)
            ready |= Interest.Write;
        return (ready & _interest) | (_inboxReset ? Interest.Failed : 0);
    }

    /// <summary>Tells of readiness in a turn of its own, as a poller would, and again as long as it lasts.</summary>
    private void QueueIfReady()
    {
        if (_queued || IsEnded || ReadyNow() == Interest.None)
            return;
        _queued = true;
        Reactor.Post(() =>
        {
            _queued = false;
            if (IsEnded)
                return;
            try
            {
                Ready(ReadyNow(), 0);
            }
            finally
            {
                QueueIfReady();
            }
        });
    }
}
