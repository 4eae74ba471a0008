namespace TwistedPS.Engine.Measures;

/// <summary>The times that a histogram had at a moment, or between two of them.</summary>
/// <param name="counts">The counts of its buckets.</param>
/// <param name="total">The sum of all times, in nanoseconds.</param>
internal sealed class TimeDistribution(long[] counts, long total)
{
    /// <summary>No times at all.</summary>
    public static TimeDistribution None { get; } = new(new long[TimeHistogram.Buckets], 0);

    /// <summary>The number of times.</summary>
    public long Count { get; } = counts.Sum();

    /// <summary>The sum of all times.</summary>
    public TimeSpan Total => ToTime(total);

    /// <summary>The longest time; null if there is none.</summary>
    public TimeSpan? Longest => Quantile(1);

    /// <summary>The time that a share of all does not exceed; null if there are none.</summary>
    /// <param name="share">From 0 to 1, such as 0.99.</param>
    public TimeSpan? Quantile(double share)
    {
        if (Count == 0)
            return null;
        long left = Math.Max(1, (long)Math.Ceiling(share * Count));
        int index = 0;
        while ((left -= counts[index]) > 0)
            index++;
        return ToTime(TimeHistogram.MiddleOf(index));
    }

    /// <summary>Returns the number of times that do not exceed a bound; one within 3 % of it may count as on its other side.</summary>
    public long CountWithin(TimeSpan bound)
    {
        long nanoseconds = bound.Ticks * TimeSpan.NanosecondsPerTick;
        return counts.TakeWhile((_, index) => TimeHistogram.MiddleOf(index) <= nanoseconds).Sum();
    }

    /// <summary>Returns the times since an earlier moment of the same histogram.</summary>
    public TimeDistribution Since(TimeDistribution earlier) => Combine(earlier, -1);

    /// <summary>Returns the times of both.</summary>
    public TimeDistribution With(TimeDistribution other) => Combine(other, 1);

    private TimeDistribution Combine(TimeDistribution other, int sign)
    {
        long[] combined = [.. counts];
        for (int i = 0; i < combined.Length; i++)
            combined[i] += sign * other.CountAt(i);
        return new TimeDistribution(combined, total + (sign * other.Nanoseconds));
    }

    private long Nanoseconds => total;

    private long CountAt(int index) => counts[index];

    private static TimeSpan ToTime(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
