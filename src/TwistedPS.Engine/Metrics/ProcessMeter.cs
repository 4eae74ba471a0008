using System.Diagnostics.Metrics;

namespace TwistedPS.Engine.Metrics;

/// <summary>
/// The meter of this process, for whoever listens: dotnet-counters, OpenTelemetry, a <see cref="MeterListener"/>. Its values are read
/// on the listener's thread.
/// </summary>
internal static class ProcessMeter
{
    /// <summary>The name to listen for.</summary>
    public const string Name = "TwistedPS";

    private static readonly Meter s_meter = new(Name, typeof(ProcessMeter).Assembly.GetName().Version?.ToString(3));

    private static readonly Histogram<double> s_durations = s_meter.CreateHistogram<double>(
        MetricTable.HandlerDuration.Name, MetricTable.HandlerDuration.Unit, MetricTable.HandlerDuration.Description);

    private static readonly Dictionary<Metric, Instrument> s_observed = MetricTable.Observed.ToDictionary(metric => (Metric)metric, Create);

    /// <summary>Whether somebody listens to the times of calls.</summary>
    public static bool WantsCalls => s_durations.Enabled;

    /// <summary>Whether somebody listens to what has to be measured.</summary>
    public static bool WantsTimes => WantsCalls || s_observed[MetricTable.ReactorBusyTime].Enabled;

    /// <summary>Gives the time of a call to all listeners, on the calling thread.</summary>
    public static void Called(TimeSpan time, ReadOnlySpan<KeyValuePair<string, object?>> attributes) =>
        s_durations.Record(time.TotalSeconds, attributes);

    private static Instrument Create(ObservedMetric metric) => metric switch
    {
        { Unit: Metric.Seconds } => s_meter.CreateObservableCounter(
            metric.Name, () => Read(metric, value => value), metric.Unit, metric.Description),
        { Kind: MetricKind.Counter } => s_meter.CreateObservableCounter(
            metric.Name, () => Read(metric, value => (long)value), metric.Unit, metric.Description),
        _ => s_meter.CreateObservableUpDownCounter(
            metric.Name, () => Read(metric, value => (long)value), metric.Unit, metric.Description),
    };

    private static IEnumerable<Measurement<T>> Read<T>(ObservedMetric metric, Func<double, T> convert)
        where T : struct => metric.Read().Select(sample => new Measurement<T>(convert(sample.Value), sample.Attributes));
}
