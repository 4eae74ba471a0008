namespace TwistedPS.Engine.Policies;

/// <summary>
/// When a client tries again: after a time that grows with each attempt that fails (Twisted's <c>backoffPolicy</c>, with the
/// same defaults).
/// </summary>
internal sealed record ReconnectPolicy
{
    /// <summary>The delay while no attempt has failed yet. From zero up.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay, before the jitter is added. From zero up.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What each failed attempt multiplies the delay by. From 1 up.</summary>
    public double Factor { get; init; } = 1.5;

    /// <summary>The largest random addition, so that clients don't all come back in the same moment. From zero up.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often in a row it connects again in vain before it gives up; null for no limit.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Always the same delay.</summary>
    public static ReconnectPolicy Fixed(TimeSpan delay) =>
        new() { InitialDelay = delay, MaxDelay = delay, Factor = 1, Jitter = TimeSpan.Zero };

    /// <summary>How long to wait before the next attempt; never longer than <see cref="TimeSpan.MaxValue"/>.</summary>
    /// <param name="failedAttempts">
    /// How often in a row it has connected again in vain. Twisted's <c>ClientService</c> counts the loss itself as well, and so
    /// begins with 1.
    /// </param>
    /// <param name="random">Chooses the jitter.</param>
    public TimeSpan DelayAfter(int failedAttempts, Random random)
    {
        // Infinity would make no number of a delay of zero.
        double growth = Math.Min(Math.Pow(Factor, failedAttempts), double.MaxValue);
        double ticks = Math.Min(InitialDelay.Ticks * growth, MaxDelay.Ticks) + (random.NextDouble() * Jitter.Ticks);
        return ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)ticks) : TimeSpan.MaxValue;
    }
}
