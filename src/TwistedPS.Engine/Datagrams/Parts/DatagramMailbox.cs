using System.Diagnostics.CodeAnalysis;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// What one of several reactors of a server has to handle. The loop that receives puts it there. On the part's own thread unless a
/// member says otherwise.
/// </summary>
internal sealed class DatagramMailbox
{
    private readonly DatagramPart _part;
    private readonly DatagramBacklog _backlog = new();
    private readonly Action _handle;
    private int _isAwake;
    private int _isHandling;
    private volatile bool _isPaused;

    public DatagramMailbox(DatagramPart part) => (_part, _handle) = (part, HandleWaiting);

    /// <summary>The number of datagrams that wait. From any thread.</summary>
    public int Count => _backlog.Count;

    /// <summary>Whether a handler runs, or is about to. From any thread.</summary>
    public bool IsHandling => Volatile.Read(ref _isHandling) != 0;

    private Reactor Reactor => _part.Reactor;

    private bool MayHandle => !_isPaused && _part.Owner.Status == ServerStatus.Running;

    /// <summary>Adds a datagram, if there is room for it. On the thread of the loop that receives.</summary>
    public bool TryAdd(DatagramPeer peer, ReadOnlySpan<byte> data) => _backlog.TryAdd(peer, data);

    /// <summary>Has the part handle what waits, unless it does or is about to. From any thread.</summary>
    public void Wake()
    {
        if (!_backlog.IsEmpty && MayHandle && Interlocked.Exchange(ref _isAwake, 1) == 0)
            Reactor.Post(_handle);
    }

    public void Pause() => _isPaused = true;

    public void Resume()
    {
        _isPaused = false;
        Wake();
    }

    /// <summary>Removes the next datagram of this turn.</summary>
    public bool TryRemove([NotNullWhen(true)] out DatagramPeer? peer, [NotNullWhen(true)] out byte[]? data)
    {
        if (MayHandle && !Reactor.Loop.Slice.IsOverAfterMessage())
            return _backlog.TryRemove(out peer, out data);
        (peer, data) = (null, null);
        return false;
    }

    /// <summary>Forgets what waits, when nothing arrives any more. From any thread.</summary>
    /// <returns>The number of datagrams.</returns>
    public int Clear()
    {
        int count = 0;
        while (_backlog.TryRemove(out _, out _))
            count++;
        return count;
    }

    private void HandleWaiting()
    {
        // With a barrier: a stop sees this, or else what is removed sees the stop.
        Interlocked.Exchange(ref _isHandling, 1);
        try
        {
            _part.Handle();
        }
        finally
        {
            Interlocked.Exchange(ref _isHandling, 0);
            _part.Owner.FinishStopLater();
            Interlocked.Exchange(ref _isAwake, 0);
            Wake();
        }
    }
}
