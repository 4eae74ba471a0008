namespace TwistedPS;

/// <summary>How often a handler was called within a time, and how long it took. The times are 3 % off at most.</summary>
/// <param name="Handler">The name of the handler, such as <c>OnLine</c>.</param>
/// <param name="Calls">The number of calls that have ended.</param>
/// <param name="P50">The time of a call that half of them did not exceed; null without a call.</param>
/// <param name="P99">The time that 99 of 100 calls did not exceed; null without a call.</param>
/// <param name="Longest">The time of the longest call; null without a call.</param>
/// <param name="Load">The share of the time that they took, from 0 to 1.</param>
public sealed record HandlerRate(string Handler, long Calls, TimeSpan? P50, TimeSpan? P99, TimeSpan? Longest, double Load)
{
    /// <summary>Returns the name and the times.</summary>
    public override string ToString() => $"{Handler}: {Calls} calls, P50 {P50}, P99 {P99}";
}
