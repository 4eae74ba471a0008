using System.Text.Json;

namespace TwistedPS.Bench.Tests;

public sealed class JsonFiguresTests
{
    private static readonly Load s_load = AllLoads.All[0];

    [Fact]
    public void Only_medians_are_written_a_line_for_each_peer()
    {
        var quick = new Peer("quick", "Quick", null);
        var gone = new Peer("gone", "Gone", null);
        var results = new Results();
        foreach (double figure in new[] { 30, 10.00004, 20.12346 })
            results.Add(s_load, quick, new Figures { [Metric.LinesPerSecond] = figure * 1000, [Metric.P50] = figure });

        string text = new JsonFigures(new Report([s_load], [quick, gone], results, Options.Parse(["--runs", "3"]))).ToString();

        using JsonDocument json = JsonDocument.Parse(text);
        JsonElement root = json.RootElement;
        Assert.Equal(
            ["date", "machine", "runs", "warmUpSeconds", "measuredSeconds", "remarks", "peers", "loads"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(3, root.GetProperty("runs").GetInt32());
        Assert.Equal("Quick", root.GetProperty("peers").GetProperty("quick").GetString());
        JsonElement load = Assert.Single(root.GetProperty("loads").EnumerateArray());
        Assert.Equal(["name", "title", "headline", "medians"], load.EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.Null, load.GetProperty("medians").GetProperty("gone").ValueKind);
        Assert.Contains("\"quick\": { \"linesPerSecond\": 20123.46, \"p50\": 20.1235 }", text);
    }
}
