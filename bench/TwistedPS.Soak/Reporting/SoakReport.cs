using System.Globalization;
using TwistedPS.Bench;

namespace TwistedPS.Soak;

/// <summary>The result: the vital signs before and after, and what was lost.</summary>
internal sealed class SoakReport(Vitals before, Vitals after, IReadOnlyList<(TimeSpan Time, Vitals Vitals)> samples, Ledger ledger)
{
    private const string Picture = "soak.svg";

    public bool IsWell => ledger.IsClean && !Vitals.Signs.Any(sign => sign.HasGrown(before, after));

    public void Print(TextWriter writer)
    {
        writer.WriteLine(MarkdownTable.Format(
        [
            ["vital sign", "before", "after", "allowed", ""],
            .. Vitals.Signs.Select(sign => new[]
            {
                sign.Name, sign.Show(before), sign.Show(after), $"+{sign.GrowthAllowed}", sign.HasGrown(before, after) ? "GROWN" : "",
            }),
        ]));
        writer.WriteLine(MarkdownTable.Format(
        [
            ["load", "peers", "answered", "lost"],
            .. ledger.Entries.Select(it => new[] { it.Load, Show(it.Entry.Peers), Show(it.Entry.Answered), Show(it.Entry.Lost) }),
        ]));
        foreach (string fault in ledger.Faults)
            writer.WriteLine(fault);
        writer.WriteLine(IsWell ? "Nothing has grown and nothing was lost." : "FAILED: something has grown or was lost.");
    }

    /// <summary>Draws the vital signs over the time.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Picture), new VitalsChart(samples).ToString());
    }

    private static string Show(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
