using System.Globalization;

namespace TwistedPS.Bench;

/// <summary>Numbers as people read them: three digits that matter, and a unit.</summary>
internal static class Numbers
{
    public static string Unit(Metric metric) => metric switch
    {
        Metric.LinesPerSecond => "lines/s",
        Metric.ConnectionsPerSecond => "connections/s",
        Metric.MegabytesPerSecond => "MB/s",
        Metric.P50 or Metric.P90 or Metric.P99 or Metric.P99OfTen => "µs",
        Metric.Cores or Metric.IdleCores => "% CPU",
        Metric.CpuPerLine => "µs CPU a line",
        Metric.Memory => "MB",
        Metric.BytesPerConnection => "KB each",
        _ => throw new ArgumentOutOfRangeException(nameof(metric)),
    };

    /// <summary>The number alone, in the metric's unit.</summary>
    public static string Show(double value, Metric metric) => metric switch
    {
        Metric.Cores or Metric.IdleCores => Show(value * 100),
        Metric.BytesPerConnection => Show(value / 1024),
        _ => Show(value),
    };

    /// <summary>With its unit, or a dash where it was not measured.</summary>
    public static string Show(Metric metric, Figures? figures) =>
        figures is not null && figures.TryGetValue(metric, out double value) ? $"{Show(value, metric)} {Unit(metric)}" : "–";

    /// <summary>1,234,567 as 1.23 M; 12,345 as 12.3 k.</summary>
    public static string Show(double value) => Math.Abs(value) switch
    {
        >= 999_500 => Digits(value / 1e6) + " M",
        >= 9_995 => Digits(value / 1e3) + " k",
        _ => Digits(value),
    };

    public static string Digits(double value)
    {
        double size = Math.Abs(value);
        string format = size >= 99.95 ? "0" : size >= 9.995 ? "0.0" : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
