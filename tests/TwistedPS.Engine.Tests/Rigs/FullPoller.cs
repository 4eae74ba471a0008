using System.Net.Sockets;

namespace TwistedPS.Tests;

/// <summary>A poller of a system that has no room for another socket to watch, as long as a test wants it.</summary>
internal sealed class FullPoller(PollerKind kind) : IPoller
{
    private readonly IPoller _poller = Pollers.Create(kind);
    private volatile bool _isFull;

    public bool IsFull
    {
        get => _isFull;
        set => _isFull = value;
    }

    public void Add(IPollable target)
    {
        if (IsFull)
            throw new SocketException((int)SocketError.NoBufferSpaceAvailable, "epoll_ctl: No space left on device");
        _poller.Add(target);
    }

    public void Watch(IPollable target, Interest interest) => _poller.Watch(target, interest);

    public void Remove(IPollable target) => _poller.Remove(target);

    public Socket? Accept(IPollable listener) => _poller.Accept(listener);

    public int Wait(Span<Readiness> ready, int timeout) => _poller.Wait(ready, timeout);

    public void Wake() => _poller.Wake();

    public void Dispose() => _poller.Dispose();
}
