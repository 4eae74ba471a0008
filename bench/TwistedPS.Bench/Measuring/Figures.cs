namespace TwistedPS.Bench;

/// <summary>The figures of one run, or the medians of several.</summary>
internal sealed class Figures : Dictionary<Metric, double>
{
    /// <summary>Returns, for each metric, the median of the runs that have it.</summary>
    public static Figures MedianOf(IEnumerable<Figures> runs)
    {
        var medians = new Figures();
        foreach (IGrouping<Metric, KeyValuePair<Metric, double>> group in runs.SelectMany(run => run).GroupBy(pair => pair.Key))
            medians[group.Key] = Median(group.Select(pair => pair.Value));
        return medians;
    }

    /// <summary>Returns the middle value; for an even number, the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = values.Order().ToArray();
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
