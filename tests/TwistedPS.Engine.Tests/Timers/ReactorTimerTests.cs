namespace TwistedPS.Tests;

public sealed class ReactorTimerTests : IDisposable
{
    private readonly TimerRig _rig = new();
    private readonly RecordingTimerHandler _handler = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_timer_calls_once_after_its_delay()
    {
        ReactorTimer timer = _rig.After(5, _handler);
        _rig.Advance(4.999);
        Assert.Empty(_handler.Calls);
        Assert.Equal((ReactorTimerStatus.Running, 0), (timer.Status, timer.Calls));
        _rig.Advance(60);
        Assert.Equal([(1, 5.0)], _handler.Calls);
        Assert.Equal((ReactorTimerStatus.Completed, 1, 0), (timer.Status, timer.Calls, timer.Skipped));
        Assert.Empty(_rig.Reactor.Services);
        await timer.Completion.Soon();
    }

    [Fact]
    public void A_delay_of_nothing_calls_in_the_next_turn()
    {
        _rig.After(0, _handler);
        Assert.Empty(_handler.Calls);
        _rig.Reactor.Iterate();
        Assert.Equal([(1, 0.0)], _handler.Calls);
    }

    [Fact]
    public void A_late_single_call_skips_nothing()
    {
        ReactorTimer timer = _rig.After(1, _handler);
        _rig.Clock.Advance(TimerRig.Seconds(10));
        _rig.Reactor.Loop.RunUntilIdle();
        Assert.Equal([(1, 10.0)], _handler.Calls);
        Assert.Equal(0, timer.Skipped);
    }

    [Fact]
    public void An_interval_calls_after_each_of_its_lengths()
    {
        ReactorTimer timer = _rig.Every(0.3, _handler);
        _rig.Advance(1);
        Assert.Equal([(1, 0.3), (2, 0.6), (3, 0.9)], _handler.Calls);
        Assert.Equal((ReactorTimerStatus.Running, 3, 0), (timer.Status, timer.Calls, timer.Skipped));
        Assert.Equal([timer], _rig.Reactor.Services);
    }

    [Fact]
    public void An_interval_that_begins_now_calls_in_the_next_turn_as_well()
    {
        _rig.Every(2, _handler, now: true);
        Assert.Empty(_handler.Calls);
        _rig.Advance(4);
        Assert.Equal([(1, 0.0), (2, 2.0), (3, 4.0)], _handler.Calls);
    }

    [Theory]
    [InlineData(false, new[] { 1.0, 2, 3 })]
    [InlineData(true, new[] { 0.0, 1, 2 })]
    public async Task A_count_ends_it(bool now, double[] times)
    {
        ReactorTimer timer = _rig.Every(1, _handler, count: 3, now);
        _rig.Advance(10);
        Assert.Equal(times, _handler.Calls.Select(call => call.Time));
        Assert.Equal(ReactorTimerStatus.Completed, timer.Status);
        Assert.Empty(_rig.Reactor.Services);
        await timer.Completion.Soon();
    }

    [Fact]
    public void The_lateness_of_one_call_does_not_delay_the_next()
    {
        ReactorTimer timer = _rig.Every(1, _handler);
        _rig.Clock.Advance(TimerRig.Seconds(1.75));
        _rig.Advance(0.5);
        Assert.Equal([(1, 1.75), (2, 2.0)], _handler.Calls);
        Assert.Equal(0, timer.Skipped);
    }

    [Fact]
    public void Calls_that_were_missed_before_a_late_one_are_skipped_and_counted()
    {
        ReactorTimer timer = _rig.Every(1, _handler);
        _rig.Clock.Advance(TimerRig.Seconds(3.5));
        _rig.Advance(1);
        Assert.Equal([(1, 3.5), (2, 4.0)], _handler.Calls);
        Assert.Equal(2, timer.Skipped);
    }

    [Fact]
    public void Calls_that_were_missed_while_the_handler_ran_are_skipped_and_known_to_the_next_one()
    {
        var skipped = new List<long>();
        var handler = new RecordingTimerHandler
        {
            OnTick = (timer, number) =>
            {
                skipped.Add(timer.Skipped);
                if (number == 1)
                    _rig.Clock.Advance(TimerRig.Seconds(2.5));
            },
        };
        _rig.Every(1, handler);
        _rig.Advance(5);
        Assert.Equal([(1, 1.0), (2, 4.0), (3, 5.0)], handler.Calls);
        Assert.Equal([0, 2, 2], skipped);
    }

    [Fact]
    public void A_handler_that_ends_when_a_call_is_due_has_missed_it()
    {
        var handler = new RecordingTimerHandler { OnTick = (_, _) => _rig.Clock.Advance(TimerRig.Seconds(1)) };
        _rig.Every(1, handler);
        _rig.Advance(5);
        Assert.Equal([1.0, 3.0, 5.0], handler.Calls.Select(call => call.Time));
    }

    [Fact]
    public void The_next_call_is_known()
    {
        ReactorTimer? timer = null;
        DateTimeOffset? during = DateTimeOffset.MinValue;
        timer = _rig.Every(5, new RecordingTimerHandler { OnTick = (it, _) => during = it.NextDue }, count: 2);
        Assert.Equal(_rig.Clock.Start + TimerRig.Seconds(5), timer.NextDue);
        _rig.Advance(7);
        Assert.Equal(_rig.Clock.Start + TimerRig.Seconds(10), timer.NextDue);
        Assert.Null(during);
        _rig.Advance(3);
        Assert.Null(timer.NextDue);
        Assert.Equal(TimerRig.Seconds(5), timer.Interval);
    }

    [Fact]
    public void The_longest_time_there_is_is_never_due()
    {
        ReactorTimer timer = _rig.Every(1, _handler);
        var never = new ReactorTimer(
            _rig.Reactor, new ReactorTimerOptions { Delay = TimeSpan.MaxValue, Interval = TimeSpan.MaxValue }, _handler);
        never.Start();
        _rig.Advance(1);
        Assert.Equal((0, DateTimeOffset.MaxValue), (never.Calls, never.NextDue));
        Assert.Equal(1, timer.Calls);
    }

    [Fact]
    public void It_says_what_it_is()
    {
        Assert.Matches(@"^timer ReactorTimer\d+ \(every 00:00:02\)$", _rig.Every(2, _handler).Description);
        Assert.Matches(@"^timer ReactorTimer\d+ \(after 00:00:03\)$", _rig.After(3, _handler).Description);
    }
}
