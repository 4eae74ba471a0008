using System.Runtime.CompilerServices;

namespace TwistedPS.Tests;

public sealed class PrometheusTextTests
{
    private static readonly Metric s_open = new("twistedps.open", MetricKind.UpDownCounter, "{thing}", "The open things");

    private readonly PrometheusText _text = new();
    private readonly TimeHistogram _times = new();

    [Theory]
    [InlineData("a.b", "Counter", "{thing}", "a_b_total")]
    [InlineData("a.io", "Counter", "By", "a_io_bytes_total")]
    [InlineData("a.time", "Counter", "s", "a_time_seconds_total")]
    [InlineData("a.size", "UpDownCounter", "By", "a_size_bytes")]
    [InlineData("a.duration", "Histogram", "s", "a_duration_seconds")]
    public void A_name_says_the_unit_and_what_only_grows(string name, string kind, string unit, string expected) =>
        Assert.Equal(expected, PrometheusText.NameOf(new Metric(name, Enum.Parse<MetricKind>(kind), unit, "")));

    [Fact]
    public void A_metric_without_values_is_not_there()
    {
        _text.Add(s_open, Array.Empty<Sample>());
        Assert.Empty(_text.ToString());
    }

    [Fact]
    public void A_value_has_its_labels()
    {
        _text.Add(s_open, [Of(1.5, ("server.name", "a"), ("server.port", 80)), Of(12345678901)]);
        Assert.Equal(
            """
            # HELP twistedps_open The open things.
            # TYPE twistedps_open gauge
            twistedps_open{server_name="a",server_port="80"} 1.5
            twistedps_open 12345678901

            """,
            _text.ToString(),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void What_has_a_meaning_in_the_format_is_escaped()
    {
        _text.Add(s_open with { Description = "a\\b\n\"c\"" }, [Of(1, ("x", "a\\b\n\"c\"é"))]);
        Assert.Contains("# HELP twistedps_open a\\\\b\\n\"c\".\n", _text.ToString(), StringComparison.Ordinal);
        Assert.Contains("{x=\"a\\\\b\\n\\\"c\\\"é\"} 1\n", _text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_equal_labels_are_one()
    {
        _text.Add(s_open, [Of(1, ("x", 1)), Of(10, ("x", 2)), Of(100, ("x", "1"))]);
        Assert.EndsWith("\ntwistedps_open{x=\"1\"} 101\ntwistedps_open{x=\"2\"} 10\n", _text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_counted_up_to_each_bound()
    {
        foreach (long microseconds in new[] { 5, 20, 20, 300, 2_000_000, 60_000_000 })
            _times.Record(microseconds * 1000);
        _text.Add(MetricTable.HandlerDuration, [(MetricAttributes.Of(("x", 1)), _times.Times), (MetricAttributes.Of(("x", 1)), _times.Times)]);
        string[] lines = _text.ToString().Split('\n');
        Assert.Equal("# TYPE twistedps_handler_duration_seconds histogram", lines[1]);
        string[] expected =
        [
            "_bucket{x=\"1\",le=\"0.00001\"} 2", "_bucket{x=\"1\",le=\"0.000025\"} 6", "_bucket{x=\"1\",le=\"0.00025\"} 6", "_bucket{x=\"1\",le=\"0.0005\"} 8",
            "_bucket{x=\"1\",le=\"1\"} 8", "_bucket{x=\"1\",le=\"2.5\"} 10", "_bucket{x=\"1\",le=\"10\"} 10", "_bucket{x=\"1\",le=\"+Inf\"} 12",
            "_sum{x=\"1\"} 124.00069", "_count{x=\"1\"} 12",
        ];
        Assert.All(expected, line => Assert.Contains($"twistedps_handler_duration_seconds{line}", lines));
    }

    [Fact]
    public void The_names_are_those_of_the_documentation()
    {
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/metrics.md"));
        Assert.All(MetricTable.All, metric => Assert.Contains($" `{PrometheusText.NameOf(metric)}` |", page, StringComparison.Ordinal));
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;

    private static Sample Of(double value, params (string, object)[] attributes) => new(MetricAttributes.Of(attributes), value);
}
