namespace TwistedPS.Engine.Metrics;

/// <summary>The kind of an instrument, as OpenTelemetry names it.</summary>
internal enum MetricKind
{
    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>A sum that grows and shrinks.</summary>
    UpDownCounter,

    /// <summary>Single values, from which their distribution is made.</summary>
    Histogram,
}
