namespace TwistedPS.Engine.Policies;

/// <summary>
/// The delays of a client that connects again, which grow with each failed attempt (Twisted's <c>backoffPolicy</c>, with the
/// same defaults).
/// </summary>
internal sealed record ReconnectPolicy
{
    /// <summary>The delay while no attempt has failed yet; zero or more.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay, before the jitter is added; zero or more.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The factor by which each failed attempt multiplies the delay; 1 or more.</summary>
    public double Factor { get; init; } = 1.5;

    /// <summary>The largest random addition, so that clients don't all come back at the same moment; zero or more.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The number of failed attempts in a row before it gives up; null for no limit.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Creates a policy with a constant delay.</summary>
    public static ReconnectPolicy Fixed(TimeSpan delay) =>
        new() { InitialDelay = delay, MaxDelay = delay, Factor = 1, Jitter = TimeSpan.Zero };

    /// <summary>Returns the delay before the next attempt; at most <see cref="TimeSpan.MaxValue"/>.</summary>
    /// <param name="failedAttempts">
    /// The number of failed attempts in a row. Twisted's <c>ClientService</c> counts the loss itself as well, and so begins
    /// with 1.
    /// </param>
    /// <param name="random">The source of the jitter.</param>
    public TimeSpan DelayAfter(int failedAttempts, Random random)
    {
        // Infinity times a delay of zero would not be a number.
        double growth = Math.Min(Math.Pow(Factor, failedAttempts), double.MaxValue);
        double ticks = Math.Min(InitialDelay.Ticks * growth, MaxDelay.Ticks) + (random.NextDouble() * Jitter.Ticks);
        return ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)ticks) : TimeSpan.MaxValue;
    }
}
