using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Carriers;

/// <summary>A carrier of bytes that never leave the process. Both ends live on one loop.</summary>
internal sealed class MemoryCarrier : ICarrier
{
    /// <summary>The largest number of bytes that wait for one end, and that arrive there at once.</summary>
    public const int Capacity = 65536;

    private readonly EventLoop _loop;
    private readonly PooledBuffer _inbox = new();
    private readonly int _largestRead;
    private MemoryCarrier _peer;
    private Interest _interest;
    private bool _inboxEnded;
    private bool _inboxReset;
    private bool _queued;
    private bool _disposed;

    private MemoryCarrier(EventLoop loop, int largestRead)
    {
        _loop = loop;
        _largestRead = largestRead;
        _peer = this;
    }

    public Address LocalAddress => Address.Memory;

    public Address RemoteAddress => Address.Memory;

    public PooledBuffer Unsent { get; } = new();

    /// <summary>Creates both ends of a connection.</summary>
    /// <param name="loop">The loop of both ends.</param>
    /// <param name="largestRead">The largest number of bytes that arrive at once.</param>
    public static (MemoryCarrier Near, MemoryCarrier Far) CreatePair(EventLoop loop, int largestRead)
    {
        var near = new MemoryCarrier(loop, largestRead);
        var far = new MemoryCarrier(loop, largestRead) { _peer = near };
        near._peer = far;
        return (near, far);
    }

    public Action<Interest, int>? Ready { get; set; }

    public int Receive(Memory<byte> buffer, out SocketError error)
    {
        int count = Math.Min(Math.Min(buffer.Length, _inbox.Length), _largestRead);
        error = count > 0 ? SocketError.Success
            : _inboxReset ? SocketError.ConnectionReset
            : _inboxEnded ? SocketError.Success
            : SocketError.WouldBlock;
        _inbox.Memory[..count].CopyTo(buffer);
        _inbox.Consume(count);
        _peer.QueueIfReady();
        return count;
    }

    public int Send(out SocketError error)
    {
        int count = Math.Min(Unsent.Length, Capacity - _peer._inbox.Length);
        error = _peer._disposed ? SocketError.ConnectionReset
            : count == 0 ? SocketError.WouldBlock
            : SocketError.Success;
        if (error != SocketError.Success)
            return 0;
        Unsent.Span[..count].CopyTo(_peer._inbox.GetSpan(count));
        _peer._inbox.Advance(count);
        Unsent.Consume(count);
        _peer.QueueIfReady();
        return count;
    }

    public void EndSending()
    {
        _peer._inboxEnded = true;
        _peer.QueueIfReady();
    }

    public void Watch(Interest interest)
    {
        _interest = interest;
        QueueIfReady();
    }

    public void Dispose(bool abort)
    {
        _disposed = true;
        Unsent.Release();
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
        if (_peer._inbox.Length < Capacity || _peer._disposed)
            ready |= Interest.Write;
        return (ready & _interest) | (_inboxReset ? Interest.Failed : 0);
    }

    /// <summary>Reports readiness in a turn of its own, as a poller would, and again for as long as it lasts.</summary>
    private void QueueIfReady()
    {
        if (_queued || _disposed || ReadyNow() == Interest.None)
            return;
        _queued = true;
        _loop.Post(() =>
        {
            _queued = false;
            if (_disposed)
                return;
            try
            {
                Ready?.Invoke(ReadyNow(), 0);
            }
            finally
            {
                QueueIfReady();
            }
        });
    }
}
