namespace TwistedPS.Bench.Tests;

public sealed class RedisFiguresTests
{
    [Fact]
    public void Rates_are_those_of_all_requests_and_latencies_their_mean()
    {
        RedisFigures figures = RedisFigures.Parse("""
            WARNING: Could not fetch server CONFIG
            "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
            "SET","100.00","0.4","0.1","0.2","0.6","1.5","2.0"
            "GET","300.00","0.4","0.1","0.4","0.6","2.5","3.0"
            """);
        Assert.Equal(150, figures.PerSecond, 6);
        Assert.Equal(300, figures.P50, 6);
        Assert.Equal(2000, figures.P99, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Could not connect to Redis")]
    [InlineData("\"test\",\"rps\"\n")]
    public void Anything_else_is_an_error(string output) => Assert.Throws<IOException>(() => RedisFigures.Parse(output));
}
