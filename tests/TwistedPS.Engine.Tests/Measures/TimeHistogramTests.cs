namespace TwistedPS.Tests;

public sealed class TimeHistogramTests
{
    private readonly TimeHistogram _histogram = new();

    [Fact]
    public void Without_times_there_is_nothing_to_tell()
    {
        TimeDistribution times = _histogram.Times;
        Assert.Equal(0, times.Count);
        Assert.Equal(TimeSpan.Zero, times.Total);
        Assert.Null(times.Quantile(0.5));
        Assert.Null(times.Longest);
    }

    [Fact]
    public void A_quantile_is_the_time_that_a_share_of_all_does_not_exceed()
    {
        foreach (long microseconds in Enumerable.Range(1, 100).Select(i => i % 2 == 0 ? 1 : 2))
            _histogram.Record(microseconds * 1000);
        _histogram.Record(1_000_000);
        TimeDistribution times = _histogram.Times;
        Assert.Equal(101, times.Count);
        Assert.Equal(50 + 100 + 1000, times.Total.TotalMicroseconds, 3);
        AssertNear(1000, times.Quantile(0));
        AssertNear(1000, times.Quantile(0.49));
        AssertNear(2000, times.Quantile(0.5));
        AssertNear(2000, times.Quantile(0.99));
        AssertNear(1_000_000, times.Quantile(1));
        AssertNear(1_000_000, times.Longest);
    }

    [Fact]
    public void Any_time_is_3_percent_off_at_most()
    {
        for (long time = 1; time < 1L << 42; time = (time * 21 / 20) + 1)
        {
            var histogram = new TimeHistogram();
            histogram.Record(time);
            AssertNear(time, histogram.Times.Longest);
        }
    }

    [Fact]
    public void What_is_out_of_range_counts_as_the_least_or_the_most()
    {
        _histogram.Record(-5);
        Assert.Equal(TimeSpan.Zero, _histogram.Times.Longest);
        _histogram.Record(long.MaxValue);
        Assert.Equal(2, _histogram.Times.Count);
        Assert.True(_histogram.Times.Longest > TimeSpan.FromHours(2));
    }

    [Fact]
    public void What_came_in_between_is_the_difference_of_two_moments()
    {
        _histogram.Record(1000);
        TimeDistribution before = _histogram.Times;
        _histogram.Record(5_000_000);
        _histogram.Record(5_000_000);
        TimeDistribution between = _histogram.Times.Since(before);
        Assert.Equal(2, between.Count);
        Assert.Equal(10, between.Total.TotalMilliseconds);
        AssertNear(5_000_000, between.Quantile(0));
        Assert.Equal(3, between.With(before).Count);
        Assert.Equal(_histogram.Times.Total, between.With(before).Total);
    }

    [Fact]
    public void To_record_a_time_allocates_nothing()
    {
        _histogram.Record(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
            _histogram.Record(i * 997L);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void AssertNear(long nanoseconds, TimeSpan? time)
    {
        // A TimeSpan has no finer steps than 100 ns.
        double error = (nanoseconds / 32.0) + 100;
        Assert.InRange(time!.Value.TotalNanoseconds, nanoseconds - error, nanoseconds + error);
    }
}
