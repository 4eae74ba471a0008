namespace TwistedPS.Engine.Loop;

/// <summary>The delayed calls of a loop, soonest first; those due at the same time in the order of their addition.</summary>
internal sealed class DelayedCalls
{
    private readonly PriorityQueue<DelayedCall, (long Due, long Order)> _queue = new();
    private int _cancelled;

    /// <summary>The end of those added so far, for <see cref="TryDequeueDue"/>.</summary>
    public long End { get; private set; }

    public void Add(DelayedCall call) => _queue.Enqueue(call, (call.Due, End++));

    /// <summary>Counts a cancelled call; rebuilds the queue when most of it is cancelled, so that none pile up.</summary>
    public void Forget()
    {
        if (++_cancelled <= _queue.Count / 2)
            return;
        var active = _queue.UnorderedItems.Where(item => item.Element.IsActive).ToArray();
        _queue.Clear();
        _queue.EnqueueRange(active);
        _cancelled = 0;
    }

    /// <summary>Returns the due time of the soonest call; null if there is none.</summary>
    public long? NextDue()
    {
        while (_queue.TryPeek(out DelayedCall? call, out _))
        {
            if (call.IsActive)
                return call.Due;
            _queue.Dequeue();
            _cancelled--;
        }

        return null;
    }

    /// <returns>The time in milliseconds; -1, for ever, if there is none.</returns>
    public int MillisecondsToNext(TimeProvider time)
    {
        if (NextDue() is not { } due)
            return Timeout.Infinite;
        double seconds = (due - time.GetTimestamp()) / (double)time.TimestampFrequency;
        return (int)Math.Clamp(Math.Ceiling(seconds * 1000), 0, int.MaxValue);
    }

    /// <summary>Dequeues the next call that is due, unless it was added after <paramref name="end"/> was.</summary>
    public bool TryDequeueDue(long now, long end, out DelayedCall call)
    {
        call = null!;
        if (NextDue() is null || !_queue.TryPeek(out _, out (long Due, long Order) next) || next.Due > now || next.Order >= end)
            return false;
        call = _queue.Dequeue();
        return true;
    }
}
