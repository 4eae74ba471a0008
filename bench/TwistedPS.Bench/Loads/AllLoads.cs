namespace TwistedPS.Bench;

/// <summary>What is measured, in the order of the table.</summary>
internal static class AllLoads
{
    private const int LineLength = 64;

    public static IReadOnlyList<Load> All { get; } =
    [
        new("one", "1 connection, ping-pong",
            "One connection sends a line when the reply to the last one is there.",
            Metric.LinesPerSecond, new OneByOne(LineLength)),
        new("fifty", "50 connections, ping-pong",
            "Fifty connections do the same at once.",
            Metric.LinesPerSecond, new ManyAtOnce(50, 1, () => Scripts.Echo(LineLength))),
        new("pipelined", "50 connections, 64 in flight",
            "Fifty connections keep 64 lines each under way.",
            Metric.LinesPerSecond, new ManyAtOnce(50, 64, () => Scripts.Echo(LineLength))),
        new("work", "Work in the handler, 50 × 64",
            "The same, with commands that a switch of regular expressions tells apart: add, upper case, length, echo, unknown.",
            Metric.LinesPerSecond, new ManyAtOnce(50, 64, () => Scripts.Work(LineLength), Handler.Work)),
    ];
}
