namespace TwistedPS.Bench;

/// <summary>A chart with a panel for each load and a bar for each server.</summary>
internal sealed class BarChart(Report report)
{
    private const int Columns = 2;
    private const int PanelWidth = 460;
    private const int LabelWidth = 222;
    private const int BarLength = 158;
    private const int RowHeight = 20;
    private const int TitleHeight = 46;
    private const int Margin = 16;

    private int PanelHeight => TitleHeight + (Rows * RowHeight) + Margin;

    private int Rows => report.MainLoads.Select(load => PeersOf(load).Length).DefaultIfEmpty().Max();

    public override string ToString()
    {
        Load[] loads = report.MainLoads.ToArray();
        int rows = (loads.Length + Columns - 1) / Columns;
        int width = (Columns * PanelWidth) + Margin;
        var svg = new Svg(width, (rows * PanelHeight) + Margin, "TwistedPS and its peers, by load");
        for (int i = 0; i < loads.Length; i++)
            AddPanel(svg, loads[i], Margin + (i % Columns * PanelWidth), Margin + (i / Columns * PanelHeight));
        return svg.ToString();
    }

    private void AddPanel(Svg svg, Load load, int left, int top)
    {
        Metric metric = load.Headline;
        svg.Text(left, top + 14, "title", load.Title);
        svg.Text(left, top + 32, "quiet", metric.Title() + (metric.IsBetterHigh() ? "" : ", less is better"));
        Peer[] peers = PeersOf(load);
        Figures?[] figures = peers.Select(peer => report.Results.Medians(load, peer.Name)).ToArray();
        double most = figures.Select(each => each?.GetValueOrDefault(metric) ?? 0).DefaultIfEmpty().Max();
        for (int row = 0; row < peers.Length; row++)
        {
            int y = top + TitleHeight + (row * RowHeight);
            double value = figures[row]?.GetValueOrDefault(metric) ?? 0;
            double length = most > 0 ? Math.Max(0, value / most * BarLength) : 0;
            string style = peers[row].Name == Peers.Module ? "own" : "other";
            svg.Text(left, y + 12, style == "own" ? "own" : "label", peers[row].Title);
            svg.Bar(left + LabelWidth, y + 1, length, RowHeight - 6, style);
            svg.Text(left + LabelWidth + length + 6, y + 12, "label", metric.Show(figures[row]));
        }
    }

    private Peer[] PeersOf(Load load) => report.Peers.Where(peer => peer.Program is not null && load.Includes(peer)).ToArray();
}
