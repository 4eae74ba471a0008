namespace TwistedPS.Tests;

public sealed class ReactorTimerAwaitTests : IDisposable
{
    private readonly TimerRig _rig = new();
    private readonly List<Exception> _failures = [];
    private readonly Queue<Deferred> _waited = new();
    private readonly RecordingTimerHandler _handler;

    public ReactorTimerAwaitTests() => _handler = new RecordingTimerHandler
    {
        OnTick = (timer, _) =>
        {
            var deferred = new Deferred(_rig.Reactor);
            _waited.Enqueue(deferred);
            timer.Await(deferred, _failures.Add);
        },
    };

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void The_next_call_waits_for_the_deferred_and_those_missed_meanwhile_are_skipped()
    {
        ReactorTimer timer = _rig.Every(1, _handler);
        _rig.Advance(3.5);
        Assert.Equal([(1, 1.0)], _handler.Calls);
        Assert.Null(timer.NextDue);
        Deferred deferred = _waited.Dequeue();
        deferred.Succeed("a");
        _rig.Advance(1);
        Assert.Equal([(1, 1.0), (2, 4.0)], _handler.Calls);
        Assert.Equal((2, ReactorTimerStatus.Running), (timer.Skipped, timer.Status));
        Assert.Equal("a", deferred.Result);
    }

    [Fact]
    public void It_waits_for_all_of_several()
    {
        var deferreds = new[] { new Deferred(_rig.Reactor), new Deferred(_rig.Reactor) };
        var handler = new RecordingTimerHandler { OnTick = (timer, _) => Array.ForEach(deferreds, it => timer.Await(it, _failures.Add)) };
        _rig.Every(1, handler);
        _rig.Advance(1);
        deferreds[1].Succeed();
        _rig.Advance(1);
        Assert.Single(handler.Calls);
        deferreds[0].Succeed();
        _rig.Advance(1);
        Assert.Equal(2, handler.Calls.Count);
    }

    [Fact]
    public void One_that_has_fired_already_delays_nothing()
    {
        var handler = new RecordingTimerHandler
        {
            OnTick = (timer, _) =>
            {
                var fired = new Deferred(_rig.Reactor);
                fired.Succeed();
                timer.Await(fired, _failures.Add);
                Assert.Null(timer.NextDue);
            },
        };
        ReactorTimer timer = _rig.Every(1, handler);
        _rig.Advance(3);
        Assert.Equal([(1, 1.0), (2, 2.0), (3, 3.0)], handler.Calls);
        Assert.Equal(0, timer.Skipped);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task An_error_ends_the_timer_and_is_left_to_others(int? count)
    {
        ReactorTimer timer = _rig.Every(1, _handler, count);
        _rig.Advance(1);
        Assert.Equal(ReactorTimerStatus.Running, timer.Status);
        var error = new FormatException("no");
        Deferred deferred = _waited.Dequeue();
        deferred.Fail(error);
        _rig.Advance(5);
        Assert.Equal((ReactorTimerStatus.Failed, 1), (timer.Status, timer.Calls));
        Assert.Equal([error], _failures);
        Assert.Equal(error, deferred.Error);
        deferred.MarkHandled();
        await timer.Completion.Soon();
    }

    [Fact]
    public async Task The_last_call_ends_with_its_deferred()
    {
        ReactorTimer timer = _rig.After(1, _handler);
        _rig.Advance(5);
        Assert.Equal(ReactorTimerStatus.Running, timer.Status);
        Assert.Equal([timer], _rig.Reactor.Services);
        _waited.Dequeue().Succeed();
        _rig.Reactor.Loop.RunUntilIdle();
        Assert.Equal(ReactorTimerStatus.Completed, timer.Status);
        await timer.Completion.Soon();
    }

    [Fact]
    public async Task A_stop_cancels_the_deferred_and_is_over_with_it()
    {
        ReactorTimer timer = _rig.Every(1, _handler);
        _rig.Advance(1);
        Task stopped = timer.StopAsync();
        _rig.Advance(3);
        Assert.Equal(DeferredStatus.Cancelled, _waited.Dequeue().Status);
        Assert.Equal((ReactorTimerStatus.Stopped, 1), (timer.Status, timer.Calls));
        Assert.Empty(_failures);
        await stopped.Soon();
    }

    [Fact]
    public void A_deferred_that_is_cancelled_stops_the_timer()
    {
        ReactorTimer timer = _rig.Every(1, _handler);
        _rig.Advance(1);
        _waited.Dequeue().Cancel();
        _rig.Advance(3);
        Assert.Equal((ReactorTimerStatus.Stopped, 1), (timer.Status, timer.Calls));
        Assert.Empty(_failures);
    }
}
