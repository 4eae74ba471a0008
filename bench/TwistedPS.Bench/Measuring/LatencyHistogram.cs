using System.Numerics;

namespace TwistedPS.Bench;

/// <summary>A histogram of durations in classes at most 1 % wide, so that recording one costs next to nothing.</summary>
internal sealed class LatencyHistogram
{
    private const int BitsOfClass = 7;
    private const int ClassesOfOctave = 1 << BitsOfClass;

    private readonly long[] _counts = new long[ClassesOfOctave * (64 - BitsOfClass + 1)];
    private long _total;

    /// <param name="nanoseconds">The duration; one that the clock can't tell from zero counts as zero.</param>
    public void Record(long nanoseconds)
    {
        _counts[ClassOf((ulong)Math.Max(nanoseconds, 0))]++;
        _total++;
    }

    /// <summary>Returns the smallest duration that a share of all durations doesn't exceed, in nanoseconds.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    /// <returns>The duration; NaN if there are none.</returns>
    public double Percentile(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(share * _total));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
                return MiddleOf(i);
        }

        return double.NaN;
    }

    /// <summary>
    /// Returns the class of a value: small values have a class each; above, each power of two has the same number of
    /// classes.
    /// </summary>
    private static int ClassOf(ulong value)
    {
        int shift = Math.Max(0, BitOperations.Log2(value | 1) - BitsOfClass);
        return (shift * ClassesOfOctave) + (int)(value >> shift);
    }

    private static double MiddleOf(int number)
    {
        int shift = Math.Max(0, (number / ClassesOfOctave) - 1);
        double first = (double)(number - (shift * ClassesOfOctave)) * Math.Pow(2, shift);
        return first + ((Math.Pow(2, shift) - 1) / 2);
    }
}
