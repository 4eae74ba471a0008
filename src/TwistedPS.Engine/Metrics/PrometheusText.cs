using System.Globalization;
using System.Text;
using TwistedPS.Engine.Measures;

namespace TwistedPS.Engine.Metrics;

/// <summary>A text for Prometheus, in the version 0.0.4 of its format, with names as OpenTelemetry translates its own.</summary>
internal sealed class PrometheusText
{
    /// <summary>The media type of the text.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    // The upper bounds of the buckets, in seconds.
    private static readonly double[] s_bounds =
    [
        0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ];

    private readonly StringBuilder _text = new();

    /// <summary>Writes all metrics of this process.</summary>
    public static string OfProcess()
    {
        var text = new PrometheusText();
        foreach (ObservedMetric metric in MetricTable.Observed)
            text.Add(metric, metric.Read());
        text.Add(MetricTable.HandlerDuration, MetricTable.HandlerTimes);
        return text.ToString();
    }

    /// <summary>Adds the values of a counter. Those of equal attributes become one.</summary>
    public void Add(Metric metric, IEnumerable<Sample> samples)
    {
        string name = NameOf(metric);
        AddFamily(name, metric, samples.GroupBy(sample => LabelsOf(sample.Attributes), sample => sample.Value), (labels, values) =>
            AddValue(name, labels, Text(values.Sum())));
    }

    /// <summary>Adds the times of a histogram. Those of equal attributes become one.</summary>
    public void Add(Metric metric, IEnumerable<(KeyValuePair<string, object?>[] Attributes, TimeDistribution Times)> samples)
    {
        string name = NameOf(metric);
        AddFamily(name, metric, samples.GroupBy(sample => LabelsOf(sample.Attributes), sample => sample.Times), (labels, times) =>
            AddTimes(name, labels, times.Aggregate((sum, one) => sum.With(one))));
    }

    /// <summary>Returns the text so far.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Returns the name of a metric: with underscores, its unit, and <c>_total</c> for what only grows.</summary>
    public static string NameOf(Metric metric)
    {
        string unit = metric.Unit switch
        {
            Metric.Seconds => "_seconds",
            Metric.Bytes => "_bytes",
            _ => "",
        };
        return ToName(metric.Name) + unit + (metric.Kind == MetricKind.Counter ? "_total" : "");
    }

    private void AddFamily<T>(string name, Metric metric, IEnumerable<IGrouping<string, T>> groups, Action<string, IEnumerable<T>> add)
    {
        IGrouping<string, T>[] all = [.. groups];
        if (all.Length == 0)
            return;
        string type = metric.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        };
        AddLine($"# HELP {name} {Escape(metric.Description)}.");
        AddLine($"# TYPE {name} {type}");
        foreach (IGrouping<string, T> group in all)
            add(group.Key, group);
    }

    private void AddTimes(string name, string labels, TimeDistribution times)
    {
        string before = labels.Length > 0 ? $"{labels}," : "";
        foreach (double bound in s_bounds)
            AddValue($"{name}_bucket", $"{before}le=\"{Text(bound, "0.######")}\"", Text(times.CountWithin(TimeSpan.FromSeconds(bound))));
        AddValue($"{name}_bucket", $"{before}le=\"+Inf\"", Text(times.Count));
        AddValue($"{name}_sum", labels, Text(times.Total.TotalSeconds));
        AddValue($"{name}_count", labels, Text(times.Count));
    }

    private void AddValue(string name, string labels, string value) =>
        AddLine(labels.Length > 0 ? $"{name}{{{labels}}} {value}" : $"{name} {value}");

    private void AddLine(string line) => _text.Append(line).Append('\n');

    private static string LabelsOf(KeyValuePair<string, object?>[] attributes) => string.Join(',', attributes.Select(attribute =>
        $"{ToName(attribute.Key)}=\"{EscapeValue(Convert.ToString(attribute.Value, CultureInfo.InvariantCulture) ?? "")}\""));

    private static string ToName(string name) => name.Replace('.', '_');

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeValue(string text) => Escape(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Text(double value, string? format = null) => value.ToString(format, CultureInfo.InvariantCulture);
}
