using System.Numerics;

namespace TwistedPS.Engine.Measures;

/// <summary>
/// Counts of times in buckets, 16 for each power of two of nanoseconds, so that what is read from it is 3 % off at most. Written and
/// read by any thread; writing does not allocate.
/// </summary>
internal sealed class TimeHistogram
{
    /// <summary>The number of buckets; the last ones have all that lasts longer than two hours.</summary>
    public const int Buckets = (LongestExponent - SubBits + 2) << SubBits;

    private const int SubBits = 4;
    private const int SubBuckets = 1 << SubBits;
    private const int LongestExponent = 42;
    private const long Longest = (1L << (LongestExponent + 1)) - 1;

    private readonly long[] _counts = new long[Buckets];
    private long _total;

    /// <summary>The times so far.</summary>
    public TimeDistribution Times
    {
        get
        {
            long total = Volatile.Read(ref _total);
            return new TimeDistribution([.. _counts], total);
        }
    }

    /// <param name="nanoseconds">The time; a negative one counts as none.</param>
    public void Record(long nanoseconds)
    {
        long time = Math.Clamp(nanoseconds, 0, Longest);
        Interlocked.Increment(ref _counts[IndexOf(time)]);
        Interlocked.Add(ref _total, time);
    }

    /// <summary>Returns the time in the middle of a bucket, in nanoseconds.</summary>
    public static long MiddleOf(int index)
    {
        if (index < SubBuckets)
            return index;
        int shift = (index >> SubBits) - 1;
        long lowest = (long)(SubBuckets + (index & (SubBuckets - 1))) << shift;
        return lowest + ((1L << shift) >> 1);
    }

    private static int IndexOf(long time)
    {
        if (time < SubBuckets)
            return (int)time;
        int shift = BitOperations.Log2((ulong)time) - SubBits;
        return ((shift + 1) << SubBits) + (int)((time >> shift) & (SubBuckets - 1));
    }
}
