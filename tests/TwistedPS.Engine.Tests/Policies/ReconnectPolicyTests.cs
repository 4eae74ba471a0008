namespace TwistedPS.Tests;

public sealed class ReconnectPolicyTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static readonly ReconnectPolicy s_steady = new() { Jitter = TimeSpan.Zero };

    private readonly Random _random = new(1);

    [Fact]
    public void The_defaults_are_those_of_Twisted()
    {
        var policy = new ReconnectPolicy();
        Assert.Equal(TimeSpan.FromSeconds(1), policy.InitialDelay);
        Assert.Equal(s_minute, policy.MaxDelay);
        Assert.Equal(1.5, policy.Factor);
        Assert.Equal(TimeSpan.FromSeconds(1), policy.Jitter);
        Assert.Null(policy.MaxAttempts);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1.5)]
    [InlineData(2, 2.25)]
    [InlineData(3, 3.375)]
    [InlineData(10, 57.6650390625)]
    [InlineData(11, 60)]
    [InlineData(12, 60)]
    public void The_delay_grows_up_to_the_longest(int failedAttempts, double seconds) =>
        Assert.Equal(seconds, s_steady.DelayAfter(failedAttempts, _random).TotalSeconds, 6);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(100, 60)]
    public void Jitter_is_added_also_to_the_longest_delay(int failedAttempts, double seconds)
    {
        var policy = new ReconnectPolicy { Jitter = TimeSpan.FromSeconds(2) };
        double[] jitters = [.. Enumerable.Range(0, 1000)
            .Select(_ => policy.DelayAfter(failedAttempts, _random).TotalSeconds - seconds)];
        Assert.All(jitters, jitter => Assert.InRange(jitter, 0, 2));
        Assert.Contains(jitters, jitter => jitter < 0.1);
        Assert.Contains(jitters, jitter => jitter > 1.9);
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(1e10)]
    [InlineData(double.MaxValue)]
    public void Any_number_of_attempts_ends_at_the_longest_delay(double factor)
    {
        ReconnectPolicy policy = s_steady with { Factor = factor };
        Assert.Equal(s_minute, policy.DelayAfter(2000, _random));
        Assert.Equal(s_minute, policy.DelayAfter(int.MaxValue, _random));
    }

    [Fact]
    public void A_delay_of_zero_stays_zero() =>
        Assert.Equal(TimeSpan.Zero, (s_steady with { InitialDelay = TimeSpan.Zero }).DelayAfter(int.MaxValue, _random));

    [Fact]
    public void The_longest_time_there_is_may_be_the_longest_delay() => Assert.Equal(
        TimeSpan.MaxValue,
        new ReconnectPolicy { MaxDelay = TimeSpan.MaxValue, Jitter = s_minute }.DelayAfter(int.MaxValue, _random));

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(3600)]
    public void A_fixed_delay_is_always_the_same(int seconds)
    {
        var delay = TimeSpan.FromSeconds(seconds);
        var policy = ReconnectPolicy.Fixed(delay);
        Assert.All([0, 1, 2, 1000, int.MaxValue], attempts => Assert.Equal(delay, policy.DelayAfter(attempts, _random)));
        Assert.Equal((1, TimeSpan.Zero, null), (policy.Factor, policy.Jitter, policy.MaxAttempts));
    }
}
