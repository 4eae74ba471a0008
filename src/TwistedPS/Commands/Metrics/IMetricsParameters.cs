namespace TwistedPS.Commands;

/// <summary>The parameters of the page with the metrics of this process.</summary>
internal interface IMetricsParameters
{
    int? MetricsPort { get; }

    string MetricsAddress { get; }
}
