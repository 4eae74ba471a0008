using System.Globalization;
using System.Text;

namespace TwistedPS.Bench;

/// <summary>The page of the documentation, written completely by each run.</summary>
internal sealed class MarkdownPage(Report report)
{
    private readonly StringBuilder _text = new();

    public override string ToString()
    {
        _text.Clear();
        Introduce();
        Detail();
        Grow();
        Explain();
        return _text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }

    private void Introduce()
    {
        Paragraph("<!-- A run of the benchmark writes this page; change its text in bench/TwistedPS.Bench. -->");
        Paragraph(report.Options.Page is { } page ? $"# Benchmark: {page}" : "# Benchmark");
        Paragraph("""
            How fast a TwistedPS server is the way its users run it, with a scriptblock as the handler and the module in the
            background of a PowerShell session, and how fast the servers are that they would run instead. All were
            measured by the same program in the same run on the same machine, and every byte of every reply was checked.
            """);
        Paragraph($"![Bars for each load and server]({report.Name}.svg)");
        Paragraph("How TwistedPS compares with the others, as the ratio of the figure named; above 1 it does better:");
        Paragraph(report.Ratios());
        foreach (string remark in report.Remarks())
            Paragraph(remark);
    }

    private void Detail()
    {
        Paragraph("## The loads");
        Paragraph("""
            Lines are 64 bytes long and come back as they were sent, unless a load says otherwise. The latency is the
            time from sending a line to having received all of its reply, as the client sees it. CPU time is the
            server's, of user and system; 100 % is one core. Memory is what the server has resident.
            """);
        foreach (Load load in report.MainLoads)
        {
            Paragraph($"### {load.Title}");
            Paragraph(load.Explanation);
            Paragraph(report.Details(load));
        }
    }

    private void Grow()
    {
        if (!report.Curves.Any())
            return;
        Paragraph("## Growth");
        Paragraph($"![Curves for connections and line lengths]({report.Name}-growth.svg)");
        foreach (Curve curve in report.Curves)
        {
            Load[] points = report.Points(curve);
            Paragraph(curve == Curve.Connections ? "### More connections" : "### Longer lines");
            Paragraph(points[0].Explanation);
            Paragraph(report.Growth(points));
        }
    }

    private void Explain()
    {
        Paragraph("## How it was measured");
        IEnumerable<string[]> facts = Machine.Describe(report).Select(fact => (string[])[fact.Name, fact.Value]);
        Paragraph(MarkdownTable.Format([["machine", ""], .. facts]));
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Timing timing = report.Options.Timing;
        Paragraph($"""
            On {date}; interleaved runs: {report.Options.Runs}. A run takes every server through every load, in turn, and each
            figure is the median over the runs; the curves are of the first one. A server is started anew for each load,
            warmed up by that load for {Seconds(timing.WarmUp)} s, and measured for {Seconds(timing.Measured)} s. Client and
            server share the machine and its loopback. The client is one thread; with few cores it takes its share of them,
            so that ratios tell more than the figures themselves.
            """);
        Paragraph($"""
            The servers are in [bench/peers](../bench/peers), each written as its users would write it: Twisted's
            `LineReceiver` on its default reactor, asyncio's streams, Node.js' `net` with corked writes, C# with
            System.IO.Pipelines on .NET's defaults, and a PowerShell script with a `TcpListener` and, for each client, a
            runspace of a pool; for relays, socat with a process for each connection. PowerShell's own loop is no server: it
            runs the body of the same handler in a plain `foreach` over the same lines. The chat, the cars, the web counter,
            the command server and the text server are the [examples](../examples), as a user starts them, beside programs
            in Twisted that do the same. What is not installed is left out. [{report.Name}.json]({report.Name}.json) has the
            medians for programs.
            """);
        Paragraph("Write this page again, or measure something of it; `--list` shows what there is to choose from:");
        Paragraph($"""
            ```
            ./build.sh bench{Choice()}
            ./build.sh bench --runs 1 --loads {report.Loads[0].Name} --peers twistedps,twisted
            ```
            """);
    }

    private string Choice() => report.Options.Page is { } page
        ? $" --page {page} --output docs --loads {string.Join(',', report.Loads.Select(load => load.Name))}"
        : "";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture);

    private void Paragraph(string text) => _text.Append(text.TrimEnd()).Append("\n\n");
}
