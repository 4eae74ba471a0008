namespace TwistedPS.Bench;

/// <summary>The text forms of metrics.</summary>
internal static class MetricNames
{
    /// <summary>Returns the heading of a column.</summary>
    public static string Title(this Metric metric) => metric switch
    {
        Metric.LinesPerSecond => "lines/s",
        Metric.ConnectionsPerSecond => "connections/s",
        Metric.MegabytesPerSecond => "MB/s",
        Metric.P50 => "p50 µs",
        Metric.P90 => "p90 µs",
        Metric.P99 => "p99 µs",
        Metric.Cores => "CPU %",
        Metric.CpuPerLine => "CPU µs a line",
        Metric.Memory => "memory MB",
        Metric.BytesPerConnection => "KB an idle connection",
        Metric.P99OfTen => "p99 µs of 10 connections",
        Metric.IdleCores => "CPU % in silence",
        Metric.ReturnTime => "s until all hear each other",
        _ => throw new ArgumentOutOfRangeException(nameof(metric)),
    };

    /// <summary>Returns the number alone, in the unit of the title.</summary>
    public static string Show(this Metric metric, double value) => metric switch
    {
        Metric.Cores or Metric.IdleCores => Numbers.Show(value * 100),
        Metric.BytesPerConnection => Numbers.Show(value / 1024),
        _ => Numbers.Show(value),
    };

    /// <summary>Returns the number, or a dash if it was not measured.</summary>
    public static string Show(this Metric metric, Figures? figures) =>
        figures is not null && figures.TryGetValue(metric, out double value) ? metric.Show(value) : "–";

    public static bool IsBetterHigh(this Metric metric) =>
        metric is Metric.LinesPerSecond or Metric.ConnectionsPerSecond or Metric.MegabytesPerSecond;

    /// <summary>Returns the ratio of one to the other, above 1 if one is better; null if either was not measured.</summary>
    public static double? Ratio(this Metric metric, Figures? one, Figures? other)
    {
        if (one is null || other is null || !one.TryGetValue(metric, out double a) || !other.TryGetValue(metric, out double b))
            return null;
        return metric.IsBetterHigh() ? a / b : b / a;
    }
}
