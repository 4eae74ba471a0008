
namespace TwistedPS.Bench.Tests;

public sealed class FiguresTests
{
    [Fact]
    public void Percentiles_are_right_to_a_percent()
    {
        var latencies = new LatencyHistogram();
        for (int i = 1; i <= 100_000; i++)
            latencies.Record(i * 1000L);
        Assert.InRange(latencies.Percentile(0.50), 49_500_000, 50_500_000);
        Assert.InRange(latencies.Percentile(0.99), 98_010_000, 99_990_000);
        Assert.InRange(latencies.Percentile(1), 99_000_000, 101_000_000);
    }

    [Fact]
    public void A_percentile_is_the_smallest_value_that_enough_do_not_exceed()
    {
        var latencies = new LatencyHistogram();
        foreach (int value in new[] { 10, 20, 30, 40 })
            latencies.Record(value);
        Assert.Equal(20, latencies.Percentile(0.50));
        Assert.Equal(30, latencies.Percentile(0.51));
        Assert.Equal(10, latencies.Percentile(0));
        Assert.Equal(40, latencies.Percentile(1));
    }

    [Fact]
    public void Nothing_recorded_has_no_percentile() => Assert.Equal(double.NaN, new LatencyHistogram().Percentile(0.5));

    [Fact]
    public void Medians_are_taken_of_each_metric_by_itself()
    {
        Figures medians = Figures.MedianOf(
        [
            new Figures { [Metric.P50] = 9, [Metric.Memory] = 1 },
            new Figures { [Metric.P50] = 1, [Metric.Memory] = 2 },
            new Figures { [Metric.P50] = 2 },
        ]);
        Assert.Equal(2, medians[Metric.P50]);
        Assert.Equal(1.5, medians[Metric.Memory]);
    }

    [Fact]
    public void A_ratio_above_one_is_better_whichever_way_the_metric_goes()
    {
        var one = new Figures { [Metric.LinesPerSecond] = 300, [Metric.P50] = 10 };
        var other = new Figures { [Metric.LinesPerSecond] = 200, [Metric.P50] = 15 };
        Assert.Equal(1.5, Metric.LinesPerSecond.Ratio(one, other));
        Assert.Equal(1.5, Metric.P50.Ratio(one, other));
        Assert.Null(Metric.P99.Ratio(one, other));
        Assert.Null(Metric.P50.Ratio(null, other));
    }

    [Theory]
    [InlineData(1_234_567, "1.23 M")]
    [InlineData(999_600, "1.00 M")]
    [InlineData(12_345, "12.3 k")]
    [InlineData(1_234.5, "1,235")]
    [InlineData(99.96, "100")]
    [InlineData(9.996, "10.0")]
    [InlineData(0.126, "0.13")]
    public void Numbers_have_three_digits_that_matter(double value, string text) => Assert.Equal(text, Numbers.Show(value));

    [Fact]
    public void A_table_is_aligned_in_its_text()
    {
        string table = MarkdownTable.Format([["server", "n"], ["a", "1"], ["longer", "12,345"]]);
        Assert.Equal(
            """
            | server |      n |
            |--------|-------:|
            | a      |      1 |
            | longer | 12,345 |

            """,
            table,
            ignoreLineEndingDifferences: true);
    }
}
