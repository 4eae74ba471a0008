using TwistedPS.Engine.Loop;

namespace TwistedPS;

/// <summary>
/// A clock for tests, which moves only when told to (Twisted's <c>task.Clock</c>). Members may be used from any thread.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private readonly object _lock = new();
    private readonly List<ManualTimer> _waiting = [];
    private TimeSpan _elapsed;

    /// <summary>The time at which it starts; the beginning of the year 2000 by default.</summary>
    public DateTimeOffset Start { get; init; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The time zone of its local time; UTC by default.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => Zone;

    /// <summary>The total time by which it has advanced.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
                return _elapsed;
        }
    }

    internal int WaitingTimers
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>The due time of the soonest timer, on the scale of <see cref="Elapsed"/>; null if none waits.</summary>
    internal TimeSpan? NextDue
    {
        get
        {
            lock (_lock)
                return _waiting.Min(timer => (TimeSpan?)timer.Due);
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Returns its time, and how far it has advanced.</summary>
    public override string ToString() => $"{TimeZoneInfo.ConvertTime(GetUtcNow(), Zone):yyyy-MM-dd HH:mm:ss.fff zzz}, advanced by {Elapsed}";

    /// <summary>
    /// Advances it, and calls each of its timers at its due time, on the calling thread. A reactor does what is due by then
    /// when it runs; <c>Wait-Reactor -Advance</c> does both.
    /// </summary>
    /// <param name="by">The time; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        AdvanceTo(Elapsed + by);
    }

    internal void AdvanceTo(TimeSpan end)
    {
        while (DequeueDue(end) is { } timer)
            timer.Call();
        lock (_lock)
            MoveTo(end);
    }

    /// <summary>Replaces the schedule of a timer.</summary>
    internal void Set(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _waiting.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
                Wait(timer, _elapsed + dueTime, period);
        }
    }

    private ManualTimer? DequeueDue(TimeSpan end)
    {
        lock (_lock)
        {
            if (_waiting.MinBy(timer => timer.Due) is not { } timer || timer.Due > end)
                return null;
            _waiting.Remove(timer);
            MoveTo(timer.Due);
            if (timer.Period > TimeSpan.Zero)
                Wait(timer, timer.Due + timer.Period, timer.Period);
            return timer;
        }
    }

    private void Wait(ManualTimer timer, TimeSpan due, TimeSpan period)
    {
        (timer.Due, timer.Period) = (due, period);
        _waiting.Add(timer);
    }

    // A timer's callback may have moved the clock further itself, and it never goes back.
    private void MoveTo(TimeSpan elapsed) => _elapsed = elapsed > _elapsed ? elapsed : _elapsed;
}
