namespace TwistedPS.Engine.Timers;

/// <summary>When a timer calls its handler.</summary>
internal sealed record ReactorTimerOptions
{
    public string? Name { get; init; }

    /// <summary>How long after its start the first call is due; zero for the next turn.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How long from one call to the next, more than zero; null for one call only.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How many calls there are with an interval; null for no limit.</summary>
    public int? Count { get; init; }
}
