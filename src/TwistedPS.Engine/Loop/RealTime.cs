namespace TwistedPS.Engine.Loop;

/// <summary>Timers for people who wait, on the system's clock even where the reactor's own is a manual one.</summary>
internal static class RealTime
{
    /// <summary>The longest that the system's timers can wait: 49 days.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Calls <paramref name="call"/> once, on a timer's thread, unless disposed first.</summary>
    public static ITimer After(TimeSpan time, Action call) => TimeProvider.System.CreateTimer(
        _ => call(), null, time < s_longest ? time : s_longest, Timeout.InfiniteTimeSpan);

    /// <summary>Calls <paramref name="call"/> repeatedly, on a timer's thread, until disposed.</summary>
    public static ITimer Every(TimeSpan interval, Action call) =>
        TimeProvider.System.CreateTimer(_ => call(), null, interval, interval);
}
