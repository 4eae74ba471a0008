namespace TwistedPS.Engine.Loop;

/// <summary>
/// The time that a loop has worked, and neither waited nor stood still, while somebody measures it. Written on the loop's thread,
/// read on any.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class WorkClock(TimeProvider time)
{
    private int _watchers;

    // The timestamps worked so far, doubled; while it works, less the one at which it began, and odd. So a single write changes
    // from one to the other, and a reader never sees half of it.
    private long _state;

    /// <summary>The time worked so far.</summary>
    public TimeSpan Worked
    {
        get
        {
            long state = Volatile.Read(ref _state);
            return time.GetElapsedTime(0, (state >> 1) + (Works(state) ? time.GetTimestamp() : 0));
        }
    }

    /// <summary>Begins to measure: from the next time that the loop works.</summary>
    public void AddWatcher() => Interlocked.Increment(ref _watchers);

    public void RemoveWatcher() => Interlocked.Decrement(ref _watchers);

    /// <summary>Notes that the loop works. On its thread only.</summary>
    public void Begin()
    {
        if (Volatile.Read(ref _watchers) > 0 && !Works(_state))
            Volatile.Write(ref _state, (((_state >> 1) - time.GetTimestamp()) << 1) | 1);
    }

    /// <summary>Notes that the loop waits, or is left. On its thread only.</summary>
    public void End()
    {
        if (Works(_state))
            Volatile.Write(ref _state, ((_state >> 1) + time.GetTimestamp()) << 1);
    }

    private static bool Works(long state) => (state & 1) != 0;
}
