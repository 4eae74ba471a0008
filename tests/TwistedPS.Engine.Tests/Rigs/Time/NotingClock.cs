using System.Collections.Concurrent;

namespace TwistedPS.Tests;

/// <summary>A manual clock that notes for when timers were asked, so that a test can wait for one of them.</summary>
internal sealed class NotingClock : TimeProvider
{
    private readonly ManualClock _clock = new();
    private readonly ConcurrentDictionary<TimeSpan, bool> _dues = [];

    public override long TimestampFrequency => _clock.TimestampFrequency;

    /// <summary>Whether a timer was ever to be due then.</summary>
    public bool WasAskedFor(double seconds) => _dues.ContainsKey(TimeSpan.FromSeconds(seconds));

    public void AdvanceTo(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds) - _clock.Elapsed);

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = _clock.CreateTimer(callback, state, dueTime, period);
        _dues[_clock.Elapsed + dueTime] = true;
        return timer;
    }
}
