namespace TwistedPS.Tests;

public sealed class ReactorTimerEndTests : IDisposable
{
    private readonly TimerRig _rig = new();
    private readonly RecordingTimerHandler _handler = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_timer_that_is_stopped_calls_no_more()
    {
        ReactorTimer timer = _rig.Every(1, _handler);
        _rig.Advance(2);
        Task stopped = timer.StopAsync();
        _rig.Advance(5);
        Assert.Equal(2, timer.Calls);
        Assert.Equal(ReactorTimerStatus.Stopped, timer.Status);
        Assert.Null(timer.NextDue);
        Assert.Empty(_rig.Reactor.Services);
        await stopped.Soon();
    }

    [Fact]
    public async Task A_handler_may_stop_its_own_timer_and_runs_to_its_end()
    {
        bool endedInside = false;
        var handler = new RecordingTimerHandler
        {
            OnTick = (timer, number) =>
            {
                if (number != 2)
                    return;
                timer.Dispose();
                timer.Dispose();
                endedInside = timer.Completion.IsCompleted || _rig.Reactor.Services.Length == 0;
            },
        };
        ReactorTimer timer = _rig.Every(1, handler);
        _rig.Advance(5);
        Assert.Equal((ReactorTimerStatus.Stopped, 2), (timer.Status, timer.Calls));
        Assert.False(endedInside);
        Assert.Empty(_rig.Reactor.Services);
        await timer.Completion.Soon();
    }

    [Fact]
    public async Task A_handler_that_throws_ends_its_timer_and_no_other()
    {
        var error = new FormatException("no");
        ReactorTimer failing = _rig.Every(1, new RecordingTimerHandler { OnTick = (_, _) => throw error });
        ReactorTimer other = _rig.Every(1, _handler);
        _rig.Advance(3);
        Assert.Equal((ReactorTimerStatus.Failed, 1), (failing.Status, failing.Calls));
        HandlerError noted = Assert.Single(failing.Errors);
        Assert.Equal(("OnTick", error), (noted.Handler, noted.Exception));
        Assert.Contains(failing.Log, entry => entry is { Level: LogLevel.Error, Message: "OnTick failed: no" });
        Assert.Equal(3, other.Calls);
        Assert.Equal([other], _rig.Reactor.Services);
        await failing.Completion.Soon();
    }

    [Fact]
    public void The_last_call_fails_a_timer_too()
    {
        ReactorTimer timer = _rig.After(1, new RecordingTimerHandler { OnTick = (_, _) => throw new FormatException("no") });
        _rig.Advance(1);
        Assert.Equal(ReactorTimerStatus.Failed, timer.Status);
    }

    [Fact]
    public void A_handler_that_is_interrupted_has_its_next_call_all_the_same()
    {
        var handler = new RecordingTimerHandler
        {
            OnTick = (_, number) =>
            {
                if (number == 1)
                    throw new ReactorInterruptedException(new FormatException());
            },
        };
        ReactorTimer timer = _rig.Every(1, handler, count: 2);
        Assert.Throws<ReactorInterruptedException>(() => _rig.Advance(1));
        Assert.Equal(ReactorTimerStatus.Running, timer.Status);
        _rig.Advance(1);
        Assert.Equal((ReactorTimerStatus.Completed, 2), (timer.Status, timer.Calls));
        Assert.Empty(timer.Errors);
    }

    [Fact]
    public void A_last_call_that_is_interrupted_stops_its_timer()
    {
        ReactorTimer timer = _rig.After(
            1, new RecordingTimerHandler { OnTick = (_, _) => throw new ReactorInterruptedException(new FormatException()) });
        Assert.Throws<ReactorInterruptedException>(() => _rig.Advance(1));
        Assert.Equal(ReactorTimerStatus.Stopped, timer.Status);
        Assert.Empty(_rig.Reactor.Services);
    }

    [Fact]
    public async Task A_handler_that_is_interrupted_after_a_stop_is_the_last()
    {
        var handler = new RecordingTimerHandler
        {
            OnTick = (timer, _) =>
            {
                timer.Dispose();
                throw new ReactorInterruptedException(new FormatException());
            },
        };
        ReactorTimer timer = _rig.Every(1, handler);
        Assert.Throws<ReactorInterruptedException>(() => _rig.Advance(1));
        Assert.Equal(ReactorTimerStatus.Stopped, timer.Status);
        Assert.Empty(_rig.Reactor.Services);
        await timer.Completion.Soon();
    }

    [Fact]
    public void A_handler_may_start_timers_which_are_not_nested()
    {
        var inner = new RecordingTimerHandler();
        var outer = new RecordingTimerHandler
        {
            OnTick = (_, _) =>
            {
                _rig.Every(1, inner, now: true, count: 2);
                Assert.Empty(inner.Calls);
            },
        };
        _rig.After(1, outer);
        _rig.Advance(5);
        Assert.Equal([(1, 1.0), (2, 2.0)], inner.Calls);
        Assert.Empty(_rig.Reactor.Services);
    }

    [Fact]
    public async Task The_end_of_the_reactor_ends_a_timer()
    {
        ReactorTimer timer = _rig.Every(1, _handler);
        _rig.Reactor.Dispose();
        Assert.Equal(ReactorTimerStatus.Stopped, timer.Status);
        Assert.Null(timer.NextDue);
        await timer.Completion.Soon();
    }

    [Fact]
    public void Ten_thousand_timers_that_were_started_and_ended_leave_nothing_behind()
    {
        WeakReference[] timers = [.. Enumerable.Range(0, 10_000).Select(StartOneThatEnds)];
        _rig.Advance(10);
        Assert.Empty(_rig.Reactor.Services);
        Assert.Null(_rig.Reactor.Loop.NextDue);
        Collect();
        Assert.DoesNotContain(timers, timer => timer.IsAlive);
    }

    // Some complete, some fail, some are stopped by others and some by themselves.
    private WeakReference StartOneThatEnds(int number)
    {
        var handler = new RecordingTimerHandler
        {
            OnTick = (timer, call) =>
            {
                if (number % 4 == 1)
                    throw new FormatException("no");
                if (number % 4 == 2 && call == 2)
                    timer.Dispose();
            },
        };
        ReactorTimer timer = _rig.Every(1 + (number % 3), handler, count: 3);
        if (number % 4 == 3)
            timer.Dispose();
        return new WeakReference(timer);
    }

    private static void Collect()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
