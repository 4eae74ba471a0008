using System.Globalization;
using System.Management.Automation;

namespace TwistedPS.Formatting;

/// <summary>Numbers and times as people read them, for the views of <c>*.Format.ps1xml</c>. Null stays null.</summary>
public static class Figures
{
    private const int Kilobyte = 1024;
    private const int Thousand = 1000;
    private const long Million = 1_000_000;
    private const string Prefixes = "KMGTPE";

    /// <summary>
    /// Returns a number of bytes in seven characters at most, rounded down: <c>1023 B</c>, <c>1.0 KB</c>, <c>99.9 KB</c>,
    /// <c>100 KB</c>. A KB is 1024 bytes, as in PowerShell.
    /// </summary>
    public static string? Size(object? bytes) => ToNumber(bytes) switch
    {
        null => null,
        < Kilobyte and var few => $"{few} B",
        { } many => Scale(many, Kilobyte, "B"),
    };

    /// <summary>Returns a number in six characters at most, rounded down: <c>999999</c>, <c>1.0 M</c>, <c>99.9 M</c>, <c>100 M</c>.</summary>
    public static string? Count(object? number) => ToNumber(number) switch
    {
        null => null,
        < Million and var few => $"{few}",
        { } many => Scale(many, Thousand, ""),
    };

    /// <summary>Returns a time in its two largest units, rounded down: <c>59s</c>, <c>3m 20s</c>, <c>2h 0m</c>, <c>4d 3h</c>.</summary>
    public static string? Age(object? time) => Unwrap(time) switch
    {
        TimeSpan { TotalMinutes: < 1 } it => $"{Math.Max(it.Seconds, 0)}s",
        TimeSpan { TotalHours: < 1 } it => $"{it.Minutes}m {it.Seconds}s",
        TimeSpan { TotalDays: < 1 } it => $"{it.Hours}h {it.Minutes}m",
        TimeSpan it => $"{it.Days}d {it.Hours}h",
        _ => null,
    };

    /// <summary>Returns the age of a service, or of a connection that is not closed.</summary>
    public static string? AgeOf(PSObject it) => Age(it.BaseObject switch
    {
        Connection { Status: ConnectionStatus.Closed } => null,
        Connection connection => connection.Owner.Reactor.TimeProvider.GetLocalNow() - connection.ConnectedAt,
        _ => it.Properties[nameof(Service.Uptime)]?.Value,
    });

    /// <summary>Returns a time as it was given, to the millisecond: <c>250ms</c>, <c>1.5s</c>, <c>5m</c>, <c>1h 30m</c>.</summary>
    public static string? Interval(object? time) => Unwrap(time) switch
    {
        TimeSpan { TotalSeconds: < 1 } it => string.Create(CultureInfo.CurrentCulture, $"{it.TotalMilliseconds:0.###}ms"),
        TimeSpan it => string.Join(' ', PartsOf(it)),
        _ => null,
    };

    /// <summary>Returns the object itself, which PowerShell may have wrapped.</summary>
    internal static object? Unwrap(object? it) => it is PSObject wrapped ? wrapped.BaseObject : it;

    private static IEnumerable<string> PartsOf(TimeSpan time)
    {
        if (time.Days > 0)
            yield return $"{time.Days}d";
        if (time.Hours > 0)
            yield return $"{time.Hours}h";
        if (time.Minutes > 0)
            yield return $"{time.Minutes}m";
        double seconds = (time.Ticks % TimeSpan.TicksPerMinute) / (double)TimeSpan.TicksPerSecond;
        if (seconds > 0)
            yield return string.Create(CultureInfo.CurrentCulture, $"{seconds:0.###}s");
    }

    // Rounded down, so that what is below a limit never seems to have reached it.
    private static string Scale(long number, int step, string unit)
    {
        decimal left = number;
        int steps = 0;
        for (; left >= step; steps++)
            left /= step;
        string digits = left < 100
            ? (Math.Floor(left * 10) / 10).ToString("0.0", CultureInfo.CurrentCulture)
            : Math.Floor(left).ToString("0", CultureInfo.CurrentCulture);
        return $"{digits} {Prefixes[steps - 1]}{unit}";
    }

    private static long? ToNumber(object? value) => Unwrap(value) is { } number ? Convert.ToInt64(number, CultureInfo.InvariantCulture) : null;
}
