namespace TwistedPS.Engine.Metrics;

/// <summary>An instrument whose values are read when somebody asks for them.</summary>
/// <param name="Name">Its name by OpenTelemetry's conventions.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Unit">Its unit in UCUM.</param>
/// <param name="Description">Its description.</param>
/// <param name="Read">Returns the present values, on any thread.</param>
internal sealed record ObservedMetric(string Name, MetricKind Kind, string Unit, string Description, Func<IEnumerable<Sample>> Read)
    : Metric(Name, Kind, Unit, Description);
