namespace TwistedPS.Bench;

/// <summary>The results, as the tables common to all output formats.</summary>
internal sealed class Report(IReadOnlyList<Load> loads, IReadOnlyList<Peer> peers, Results results, Options options)
{
    public IReadOnlyList<Load> Loads => loads;

    /// <summary>The peers that have any of the loads.</summary>
    public IReadOnlyList<Peer> Peers { get; } = [.. peers.Where(peer => loads.Any(load => load.Includes(peer)))];

    /// <summary>The name of the files, without their endings.</summary>
    public string Name { get; } = options.Page is null ? "benchmark" : $"benchmark-{options.Page}";

    public Results Results => results;

    public Options Options => options;

    /// <summary>The loads that are not points of a curve.</summary>
    public IEnumerable<Load> MainLoads => loads.Where(load => load.Curve == Curve.None);

    /// <summary>The curves that have points.</summary>
    public IEnumerable<Curve> Curves => loads.Select(load => load.Curve).Where(curve => curve != Curve.None).Distinct();

    /// <summary>Returns the table of the module's ratios to the other peers.</summary>
    public string Ratios()
    {
        Peer[] others = Peers.Where(peer => peer.Name != Bench.Peers.Module && peer.Program is not null).ToArray();
        List<string[]> rows = [["TwistedPS against", "by", .. others.Select(peer => peer.Title)]];
        foreach (Load load in MainLoads.Where(load => others.Any(load.Includes)))
        {
            Figures? own = results.Medians(load, Bench.Peers.Module);
            rows.Add([load.Title, load.Headline.Title(), .. others.Select(Against)]);

            string Against(Peer peer) => Numbers.ShowRatio(load.Headline.Ratio(own, results.Medians(load, peer.Name)));
        }

        return MarkdownTable.Format(rows);
    }

    /// <summary>Returns the table of all figures of a load, a row for each peer.</summary>
    public string Details(Load load)
    {
        List<string[]> rows = [["server", .. load.Metrics.Select(metric => metric.Title()), "× Twisted"]];
        Figures? twisted = results.Medians(load, Bench.Peers.Twisted);
        foreach (Peer peer in Peers.Where(load.Includes))
        {
            Figures? figures = results.Medians(load, peer.Name);
            rows.Add([
                peer.Title,
                .. load.Metrics.Select(metric => metric.Show(figures)),
                Numbers.ShowRatio(load.Headline.Ratio(figures, twisted)),
            ]);
        }

        return MarkdownTable.Format(rows);
    }

    /// <summary>Returns the points of a curve.</summary>
    public Load[] Points(Curve curve) => loads.Where(load => load.Curve == curve).ToArray();

    /// <summary>Returns the table of a curve, a row for each point.</summary>
    public string Growth(Load[] points)
    {
        Peer[] shown = Peers.Where(points[0].Includes).ToArray();
        List<string[]> rows =
        [
            [
                "load",
                .. shown.SelectMany(peer => points[0].Metrics.Select(metric => $"{peer.Title}, {metric.Title()}")),
            ],
        ];
        rows.AddRange(points.Select(point => (string[])[
            point.Title,
            .. shown.SelectMany(peer => point.Metrics.Select(metric => metric.Show(results.Medians(point, peer.Name)))),
        ]));
        return MarkdownTable.Format(rows);
    }

    /// <summary>Returns the remarks on missing peers and figures, with the reasons.</summary>
    public IEnumerable<string> Remarks()
    {
        foreach (Peer peer in Peers.Where(peer => peer.Program is null))
            yield return $"{peer.Title} was left out: {peer.Missing}.";
        foreach (Load load in loads)
        {
            foreach (Peer peer in Peers)
            {
                if (results.RemarkOn(load, peer) is { } remark)
                    yield return $"{load.Title}: {peer.Title} {remark.TrimEnd(' ', '.', '\r', '\n')}.";
            }
        }
    }

    public void Print(TextWriter output)
    {
        foreach (Load load in MainLoads)
            output.WriteLine($"\n{load.Title}\n\n{Details(load)}");
        foreach (Curve curve in Curves)
            output.WriteLine(Growth(Points(curve)));
        if (MainLoads.Any())
            output.WriteLine(Ratios());
        foreach (string remark in Remarks())
            output.WriteLine(remark);
    }

    /// <summary>Writes the page, the figures for programs and the pictures.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        Write(".md", new MarkdownPage(this));
        Write(".json", new JsonFigures(this));
        Write(".svg", new BarChart(this));
        if (Curves.Any())
            Write("-growth.svg", new LineChart(this));

        void Write(string ending, object content) => File.WriteAllText(Path.Combine(folder, Name + ending), content.ToString());
    }
}
