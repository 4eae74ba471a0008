using System.Globalization;
using System.Text;

namespace TwistedPS.Bench;

/// <summary>A panel for each load, a bar for each server, readable on light and dark ground.</summary>
internal sealed class BarChart(Report report)
{
    private const int Columns = 2;
    private const int PanelWidth = 450;
    private const int LabelWidth = 180;
    private const int BarLength = 190;
    private const int RowHeight = 20;
    private const int TitleHeight = 46;
    private const int Margin = 16;

    private readonly Peer[] _peers = report.Peers.Where(peer => peer.Program is not null).ToArray();

    private int PanelHeight => TitleHeight + (_peers.Length * RowHeight) + Margin;

    public override string ToString()
    {
        Load[] loads = report.MainLoads.ToArray();
        int width = (Columns * PanelWidth) + Margin;
        int height = ((loads.Length + Columns - 1) / Columns * PanelHeight) + Margin;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
            <title>TwistedPS and its peers, by load</title>
            <style>
            text {"{"} font: 12px system-ui, sans-serif; fill: #24292f; {"}"}
            .load {"{"} font-weight: 600; font-size: 14px; {"}"}
            .unit {"{"} fill: #57606a; {"}"}
            rect {"{"} fill: #8c959f; {"}"}
            .own {"{"} fill: #0969da; {"}"}
            @media (prefers-color-scheme: dark) {"{"}
            text {"{"} fill: #e6edf3; {"}"}
            .unit {"{"} fill: #9198a1; {"}"}
            rect {"{"} fill: #6e7681; {"}"}
            .own {"{"} fill: #4493f8; {"}"}
            {"}"}
            </style>

            """);
        for (int i = 0; i < loads.Length; i++)
            AppendPanel(svg, loads[i], Margin + (i % Columns * PanelWidth), Margin + (i / Columns * PanelHeight));
        return svg.Append("</svg>\n").ToString().ReplaceLineEndings("\n");
    }

    private void AppendPanel(StringBuilder svg, Load load, int left, int top)
    {
        Metric metric = load.Headline;
        string hint = metric.IsBetterHigh() ? "" : ", less is better";
        AppendText(svg, left, top + 14, "load", load.Title);
        AppendText(svg, left, top + 32, "unit", metric.Title() + hint);
        Figures?[] figures = _peers.Select(peer => report.Results.Medians(load, peer.Name)).ToArray();
        double most = figures.Max(each => each?.GetValueOrDefault(metric) ?? 0);
        for (int row = 0; row < _peers.Length; row++)
        {
            int y = top + TitleHeight + (row * RowHeight);
            double value = figures[row]?.GetValueOrDefault(metric) ?? 0;
            double length = most > 0 ? Math.Max(0, value / most * BarLength) : 0;
            string style = _peers[row].Name == Peers.Module ? "own" : "other";
            AppendText(svg, left, y + 12, style == "own" ? "own" : "label", _peers[row].Title);
            svg.Append(CultureInfo.InvariantCulture, $"""
                <rect class="{style}" x="{left + LabelWidth}" y="{y + 1}" width="{length:0.#}" height="{RowHeight - 6}"/>

                """);
            AppendText(svg, left + LabelWidth + length + 6, y + 12, "value", metric.Show(figures[row]));
        }
    }

    private static void AppendText(StringBuilder svg, double x, int y, string style, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"""
            <text class="{style}" x="{x:0.#}" y="{y}">{text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)}</text>

            """);
}
