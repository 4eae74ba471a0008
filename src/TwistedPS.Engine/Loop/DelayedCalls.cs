namespace TwistedPS.Engine.Loop;

/// <summary>The delayed calls of a loop, soonest first; those due at the same time in the order of their addition.</summary>
internal sealed class DelayedCalls
{
    private readonly PriorityQueue<DelayedCall, (long Due, long Order)> _queue = new();
    private long _order;
    private int _cancelled;

    public void Add(DelayedCall call) => _queue.Enqueue(call, (call.Due, _order++));

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

    public bool TryDequeueDue(long now, out DelayedCall call)
    {
        call = null!;
        if (NextDue() is not { } due || due > now)
            return false;
        call = _queue.Dequeue();
        return true;
    }
}
