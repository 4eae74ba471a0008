namespace TwistedPS.Engine.Loop;

/// <summary>A timer of a <see cref="ManualClock"/>, which guards its members.</summary>
internal sealed class ManualTimer(ManualClock clock, Action call) : ITimer
{
    private volatile bool _disposed;

    public TimeSpan Due { get; set; }

    /// <summary>The time from one call to the next; zero or less for a single call.</summary>
    public TimeSpan Period { get; set; }

    public void Call() => call();

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
            return false;
        clock.Set(this, dueTime, period);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        clock.Set(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
