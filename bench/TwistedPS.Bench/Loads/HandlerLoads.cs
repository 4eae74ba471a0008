namespace TwistedPS.Bench;

/// <summary>The loads for what handlers do.</summary>
internal static class HandlerLoads
{
    private const int LineLength = 64;

    private static readonly Metric[] s_metrics =
        [Metric.CpuPerLine, Metric.LinesPerSecond, Metric.P50, Metric.P99, Metric.Cores, Metric.Memory];

    public static IReadOnlyList<Load> All { get; } =
    [
        Of("function", "Handler: a function", Handler.Function, "call a function that gives a line in upper case.", () => Scripts.Upper(LineLength)),
        Of("cmdlet", "Handler: a cmdlet", Handler.Cmdlet, "call Get-Date, which makes a date of a number of seconds.", Scripts.Dates),
        Of("pipeline", "Handler: a pipeline", Handler.Pipeline, "split a line and pipe its words to Where-Object.", Scripts.Words),
        Of("json", "Handler: JSON", Handler.Json, "read JSON by ConvertFrom-Json and calculate with two numbers of it.", Scripts.Orders),
        Of("send-line", "Handler: Send-Line", Handler.SendLine, "call Send-Line; in PowerShell's own loop that is a cmdlet that does nothing.", () => Scripts.Echo(LineLength)),
        Of("state", "Handler: state", Handler.State, "count in the connection's state and in $script:.", () => Scripts.Echo(LineLength)),
        Of("match", "Handler: -match", Handler.Match, "match a line and put its groups together.", Scripts.Matches),
    ];

    private static Load Of(string name, string title, Handler handler, string what, Func<Script> makeScript) => new(
        name, title, $"Fifty connections keep 64 lines each under way for handlers that {what}", s_metrics, new HandlerLoad(handler, makeScript))
    {
        Peers = [Peers.Module, Peers.PortableModule, Peers.Twisted, Peers.Loop],
    };
}
