using TwistedPS.Bench;

namespace TwistedPS.Soak;

/// <summary>A chart of each vital sign over the time of the run.</summary>
internal sealed class VitalsChart(IReadOnlyList<(TimeSpan Time, Vitals Vitals)> samples)
{
    private const int PanelWidth = 460;
    private const int PanelHeight = 170;
    private const int PlotWidth = 360;
    private const int PlotHeight = 100;
    private const int TitleHeight = 24;
    private const int Margin = 16;
    private const int Columns = 2;

    public override string ToString()
    {
        int rows = (Vitals.Signs.Count + Columns - 1) / Columns;
        var svg = new Svg((Columns * PanelWidth) + Margin, (rows * PanelHeight) + Margin, "The vital signs of TwistedPS in a soak test");
        for (int i = 0; i < Vitals.Signs.Count; i++)
            AddPanel(svg, Vitals.Signs[i], Margin + (i % Columns * PanelWidth), Margin + (i / Columns * PanelHeight));
        return svg.ToString();
    }

    private void AddPanel(Svg svg, Vitals.Sign sign, int left, int top)
    {
        double bottom = top + TitleHeight + PlotHeight;
        double most = Math.Max(1, samples.Max(sample => sign.Of(sample.Vitals)));
        double minutes = samples[^1].Time.TotalMinutes;
        svg.Text(left, top + 14, "title", sign.Name);
        svg.Line([(left, bottom), (left + PlotWidth, bottom)], "axis");
        svg.Line(
            samples.Select(sample => (
                left + (sample.Time.TotalMinutes / minutes * PlotWidth),
                bottom - (sign.Of(sample.Vitals) / most * PlotHeight))),
            "own");
        svg.Text(left + PlotWidth + 8, bottom - PlotHeight + 4, "quiet", $"{most:0.#}");
        svg.Text(left + PlotWidth, bottom + 18, "quiet", $"{minutes:0.#} min", "end");
    }
}
