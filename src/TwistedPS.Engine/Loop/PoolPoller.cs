using System.Collections.Concurrent;
using System.Net.Sockets;

namespace TwistedPS.Engine.Loop;

/// <summary>
/// A poller over .NET's own sockets, for systems without epoll. See <see cref="PooledSocket"/> for the operations that stand
/// in for it.
/// </summary>
internal sealed class PoolPoller : IPoller
{
    private readonly Dictionary<IPollable, PooledSocket> _targets = [];
    private readonly ConcurrentQueue<(PooledSocket From, Interest Ready)> _completed = new();
    private readonly List<PooledSocket> _toStart = [];
    private readonly QuietSockets _quiet = new();
    private readonly AutoResetEvent _signal = new(false);
    private int _asleep;

    public void Add(IPollable target) => _targets.Add(target, new PooledSocket(target, Completed));

    public void Watch(IPollable target, Interest interest)
    {
        PooledSocket socket = _targets[target];
        socket.Wanted = interest;
        _toStart.Add(socket);
        _quiet.Note(socket);
    }

    public void Remove(IPollable target)
    {
        if (!_targets.Remove(target, out PooledSocket? socket))
            return;
        socket.Forget();
        _quiet.Remove(socket);
    }

    public Socket? Accept(IPollable listener) => _targets[listener].DequeueAccepted();

    public int Wait(Span<Readiness> ready, int timeout)
    {
        // Readiness reported last time is requested again, so that it is level-triggered, as with epoll.
        foreach (PooledSocket socket in _toStart)
            socket.Start();
        _toStart.Clear();

        int filled = _quiet.FindFailed(ready);
        filled += Drain(ready[filled..]);
        if (filled > 0 || timeout == 0)
            return filled;

        Interlocked.Exchange(ref _asleep, 1);
        if (_completed.IsEmpty)
            _signal.WaitOne(_quiet.Limit(timeout));
        Interlocked.Exchange(ref _asleep, 0);
        return Drain(ready);
    }

    public void Wake() => _signal.Set();

    public void Dispose() => _signal.Dispose();

    private void Completed(PooledSocket socket, Interest interest)
    {
        _completed.Enqueue((socket, interest));
        if (Interlocked.Exchange(ref _asleep, 0) == 1)
            _signal.Set();
    }

    private int Drain(Span<Readiness> ready)
    {
        int filled = 0;
        while (filled < ready.Length && _completed.TryDequeue(out (PooledSocket From, Interest Ready) item))
        {
            if (!item.From.Complete(item.Ready, out int sent))
                continue;
            ready[filled++] = new Readiness(item.From.Target, item.From.Shown(item.Ready), sent);
            _toStart.Add(item.From);
        }

        return filled;
    }
}
