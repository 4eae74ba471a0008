namespace TwistedPS.Tests;

/// <summary>A timer of a <see cref="ManualTimeProvider"/>.</summary>
internal sealed class ManualTimer(ManualTimeProvider time, Action call) : ITimer
{
    private TimeSpan _period;

    public TimeSpan? Due { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Due = dueTime == Timeout.InfiniteTimeSpan ? null : time.Elapsed + dueTime;
        _period = period;
        return true;
    }

    public void Tick()
    {
        Due = _period == Timeout.InfiniteTimeSpan ? null : Due + _period;
        call();
    }

    public void Dispose() => time.Forget(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
