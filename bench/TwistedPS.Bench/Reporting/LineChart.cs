namespace TwistedPS.Bench;

/// <summary>A chart of the figures along the curves, with a row for each curve and its throughput and memory.</summary>
internal sealed class LineChart(Report report)
{
    private const int PanelWidth = 460;
    private const int PanelHeight = 240;
    private const int PlotWidth = 340;
    private const int PlotHeight = 150;
    private const int TitleHeight = 50;
    private const int Margin = 16;

    public override string ToString()
    {
        Curve[] curves = report.Curves.ToArray();
        int height = (curves.Length * PanelHeight) + Margin;
        var svg = new Svg((2 * PanelWidth) + Margin, height, "TwistedPS and Twisted as the load grows");
        for (int i = 0; i < curves.Length; i++)
        {
            Metric throughput = curves[i] == Curve.Connections ? Metric.LinesPerSecond : Metric.MegabytesPerSecond;
            AddPanel(svg, report.Points(curves[i]), throughput, Margin, Margin + (i * PanelHeight));
            AddPanel(svg, report.Points(curves[i]), Metric.Memory, Margin + PanelWidth, Margin + (i * PanelHeight));
        }

        return svg.ToString();
    }

    private void AddPanel(Svg svg, Load[] points, Metric metric, int left, int top)
    {
        svg.Text(left, top + 14, "title", metric.Title());
        svg.Text(left, top + 32, "quiet", points[0].Explanation);
        double bottom = top + TitleHeight + PlotHeight;
        svg.Line([(left, bottom), (left + PlotWidth, bottom)], "axis");
        double step = (double)PlotWidth / points.Length;
        for (int i = 0; i < points.Length; i++)
            svg.Text(left + ((i + 0.5) * step), bottom + 18, "quiet", Short(points[i]), "middle");

        double most = points.SelectMany(point => report.Peers, Value).Max() ?? 1;
        foreach (Peer peer in report.Peers.Where(points[0].Includes))
        {
            string style = peer.Name == Peers.Module ? "own" : "other";
            (double X, double Y)[] line = Enumerable.Range(0, points.Length)
                .Where(i => Value(points[i], peer) is not null)
                .Select(i => (left + ((i + 0.5) * step), bottom - (Value(points[i], peer)!.Value / most * PlotHeight)))
                .ToArray();
            svg.Line(line, style);
            if (line.Length == 0)
                continue;
            string last = metric.Show(report.Results.Medians(points[^1], peer.Name));
            svg.Text(line[^1].X + 8, line[^1].Y + 4, style, $"{peer.Title.Split(' ')[0]} {last}");
        }

        double? Value(Load point, Peer peer) =>
            report.Results.Medians(point, peer.Name) is { } figures ? figures[metric] : null;
    }

    /// <summary>Returns the word of the title that differs from point to point.</summary>
    private static string Short(Load point) => point.Title
        .Replace("lines of ", "", StringComparison.Ordinal)
        .Split(" connection")[0];
}
