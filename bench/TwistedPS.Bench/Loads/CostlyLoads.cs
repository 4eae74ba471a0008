namespace TwistedPS.Bench;

/// <summary>The loads whose handlers compute for so long that more reactors pay.</summary>
internal static class CostlyLoads
{
    public static IReadOnlyList<Load> All { get; } =
    [
        new("costly", "A millisecond of PowerShell: 50 connections, ping-pong",
            "Fifty connections have a line each under way, whose handler computes for about a millisecond " +
            "and makes 1.4 MB of numbers; with two heaps, .NET collects the garbage of each core by itself.",
            [Metric.LinesPerSecond, Metric.P50, Metric.P99, Metric.Cores, Metric.CpuPerLine, Metric.Memory],
            new ManyAtOnce(50, 1, () => Scripts.Echo(64), Handler.Costly))
        {
            Peers = [Peers.Module, Peers.TwoReactors, Peers.TwoHeaps],
        },
    ];
}
