namespace TwistedPS.Engine.Metrics;

/// <summary>An instrument of the meter.</summary>
/// <param name="Name">Its name by OpenTelemetry's conventions.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Unit">Its unit in UCUM; what is counted stands in braces.</param>
/// <param name="Description">Its description, without a full stop.</param>
internal record Metric(string Name, MetricKind Kind, string Unit, string Description)
{
    /// <summary>The unit of times.</summary>
    public const string Seconds = "s";

    /// <summary>The unit of sizes.</summary>
    public const string Bytes = "By";
}
