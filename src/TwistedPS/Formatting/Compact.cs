using System.Globalization;

namespace TwistedPS.Formatting;

/// <summary>Figures in as few characters as a person needs, for the views of <c>TwistedPS.Rates.Format.ps1xml</c>; empty for null.</summary>
public static class Compact
{
    private const double Thousand = 1000;

    private static readonly string[] s_multiples = ["", "k", "M", "G", "T"];

    /// <summary>Returns a number such as <c>0.5</c>, <c>12</c>, <c>3.4k</c> or <c>56M</c>.</summary>
    public static string Number(double? number) => number is { } value ? Scale(value) : "";

    /// <summary>Returns a number of bytes such as <c>0 B</c>, <c>512 B</c> or <c>1.2 MB</c>.</summary>
    public static string Bytes(double? bytes) => Figures.Size(bytes) ?? "";

    /// <summary>Returns a time such as <c>850 ns</c>, <c>11 µs</c>, <c>1.2 ms</c> or <c>35 s</c>.</summary>
    public static string Time(TimeSpan? time)
    {
        if (time is not { } value)
            return "";
        double nanoseconds = value.TotalNanoseconds;
        return nanoseconds switch
        {
            < 999.5 => $"{Round(nanoseconds)} ns",
            < 999_500 => $"{Round(nanoseconds / 1e3)} µs",
            < 999_500_000 => $"{Round(nanoseconds / 1e6)} ms",
            _ => $"{Round(nanoseconds / 1e9)} s",
        };
    }

    /// <summary>Returns a share such as <c>43%</c>.</summary>
    public static string Percent(double share) => $"{Math.Round(share * 100).ToString(CultureInfo.InvariantCulture)}%";

    private static string Scale(double value)
    {
        int unit = 0;
        for (; Math.Round(value) >= Thousand && unit < s_multiples.Length - 1; unit++)
            value /= Thousand;
        return $"{Round(value)}{s_multiples[unit]}";
    }

    // As many digits as it has before the point, and two at least.
    private static string Round(double value) => value.ToString(value < 9.95 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
