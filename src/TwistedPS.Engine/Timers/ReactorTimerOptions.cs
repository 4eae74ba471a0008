namespace TwistedPS.Engine.Timers;

/// <summary>The schedule of a timer.</summary>
internal sealed record ReactorTimerOptions
{
    public string? Name { get; init; }

    /// <summary>The time from its start to the first call; zero for the next turn.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The time from one call to the next, more than zero; null for one call only.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The number of calls with an interval; null for no limit.</summary>
    public int? Count { get; init; }
}
