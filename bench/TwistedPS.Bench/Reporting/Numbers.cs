using System.Globalization;

namespace TwistedPS.Bench;

/// <summary>Numbers for people, with three significant digits.</summary>
internal static class Numbers
{
    /// <summary>Formats a number: 1,234,567 as 1.23 M, 12,345 as 12.3 k.</summary>
    public static string Show(double value) => Math.Abs(value) switch
    {
        >= 999_500 => Digits(value / 1e6) + " M",
        >= 9_995 => Digits(value / 1e3) + " k",
        _ => Digits(value),
    };

    /// <summary>Formats a ratio, or a dash for none.</summary>
    public static string ShowRatio(double? ratio) => ratio is { } value ? Digits(value) : "–";

    private static string Digits(double value)
    {
        string format = Math.Abs(value) switch
        {
            >= 99.95 => "#,0",
            >= 9.995 => "0.0",
            _ => "0.00",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
