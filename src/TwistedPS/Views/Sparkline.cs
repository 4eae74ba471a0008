namespace TwistedPS.Views;

/// <summary>A row of bars for the last values of a figure.</summary>
internal static class Sparkline
{
    public const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Bars for a terminal whose encoding lacks blocks.</summary>
    public const string Ascii = "_.-:=+*#";

    /// <summary>Draws the last values that fit, the newest at the right; the highest has the tallest bar.</summary>
    /// <param name="values">The values, oldest first.</param>
    /// <param name="width">The number of characters.</param>
    /// <param name="bars">The bars, lowest first.</param>
    public static string Draw(IReadOnlyList<double> values, int width, string bars)
    {
        double[] last = [.. values.Skip(values.Count - width)];
        double highest = last.DefaultIfEmpty().Max();
        string drawn = string.Concat(last.Select(value => bars[LevelOf(value, highest, bars.Length)]));
        return drawn.PadLeft(Math.Max(0, width));
    }

    private static int LevelOf(double value, double highest, int levels) =>
        value <= 0 ? 0 : Math.Clamp((int)Math.Ceiling(value / highest * levels) - 1, 0, levels - 1);
}
