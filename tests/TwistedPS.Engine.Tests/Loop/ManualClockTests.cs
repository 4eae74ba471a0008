namespace TwistedPS.Tests;

public sealed class ManualClockTests
{
    private readonly ManualClock _clock = new();
    private readonly List<double> _calls = [];

    [Fact]
    public void It_moves_only_when_it_is_told_to()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), start);
        _clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(start.AddSeconds(90), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(90), _clock.Elapsed);
        Assert.Equal(TimeSpan.FromSeconds(90), _clock.GetElapsedTime(0));
    }

    [Fact]
    public void It_does_not_go_back()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
        Assert.Equal(TimeSpan.Zero, _clock.Elapsed);
    }

    [Fact]
    public void A_timer_is_called_at_its_times_in_order()
    {
        using ITimer every = Timer(2, 2);
        using ITimer once = Timer(3, -0.001);
        using ITimer onceToo = Timer(5, 0);
        Advance(7);
        Assert.Equal([2, 3, 4, 5, 6], _calls);
        Assert.Equal(TimeSpan.FromSeconds(8), _clock.NextDue);
    }

    [Fact]
    public void A_timer_that_is_changed_waits_anew()
    {
        using ITimer timer = Timer(1, 1);
        Advance(0.5);
        Assert.True(timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan));
        Advance(5);
        Assert.Equal([1.5], _calls);
    }

    [Fact]
    public void A_timer_that_is_disposed_is_not_called_any_more()
    {
        ITimer timer = Timer(1, 1);
        timer.Dispose();
        Assert.False(timer.Change(TimeSpan.FromSeconds(1), TimeSpan.Zero));
        Advance(5);
        Assert.Empty(_calls);
        Assert.Null(_clock.NextDue);
    }

    [Fact]
    public void A_timer_may_move_the_clock()
    {
        using ITimer timer = _clock.CreateTimer(_ => Advance(3), null, TimeSpan.FromSeconds(1), TimeSpan.Zero);
        Advance(2);
        Assert.Equal(4, _clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public void A_timeout_of_dot_net_goes_by_it()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30), _clock);
        Advance(29.9);
        Assert.False(timeout.IsCancellationRequested);
        Advance(0.1);
        Assert.True(timeout.IsCancellationRequested);
    }

    private ITimer Timer(double due, double period) => _clock.CreateTimer(
        _ => _calls.Add(_clock.Elapsed.TotalSeconds), null, TimeSpan.FromSeconds(due), TimeSpan.FromSeconds(period));

    private void Advance(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
