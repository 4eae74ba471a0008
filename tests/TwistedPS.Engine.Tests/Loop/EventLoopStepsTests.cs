namespace TwistedPS.Tests;

public sealed class EventLoopStepsTests : IDisposable
{
    private readonly TimerRig _rig = new();
    private readonly List<double> _times = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Each_call_is_made_at_its_own_time()
    {
        Note(3);
        Note(1);
        Note(2.5);
        _rig.Advance(5);
        Assert.Equal([1, 2.5, 3], _times);
        Assert.Equal(5, _rig.Clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public void What_is_due_later_is_not_made()
    {
        Note(1);
        Note(2);
        _rig.Advance(1.999);
        Assert.Equal([1], _times);
        _rig.Advance(0.001);
        Assert.Equal([1, 2], _times);
    }

    [Fact]
    public void What_a_call_asks_for_within_the_span_happens_too()
    {
        _rig.Reactor.CallLater(TimerRig.Seconds(1), () => _rig.Reactor.Post(() => Note(2)));
        _rig.Advance(3);
        Assert.Equal([3], _times);
    }

    [Fact]
    public void Work_that_waits_is_done_before_the_clock_moves()
    {
        _rig.Reactor.Post(() => _times.Add(Elapsed));
        _rig.Advance(1);
        Assert.Equal([0], _times);
    }

    [Fact]
    public void Timers_of_the_clock_have_their_turn_on_the_way()
    {
        using ITimer timer = _rig.Clock.CreateTimer(
            _ => _rig.Reactor.Post(() => _times.Add(Elapsed)), null, TimerRig.Seconds(2), TimerRig.Seconds(3));
        Note(3);
        _rig.Advance(6);
        Assert.Equal([2, 3, 5], _times);
    }

    [Fact]
    public void No_time_at_all_does_what_is_due()
    {
        Note(0);
        _rig.Advance(0);
        Assert.Equal([0], _times);
    }

    [Fact]
    public void A_stop_of_the_reactor_ends_it()
    {
        _rig.Reactor.CallLater(TimerRig.Seconds(1), _rig.Reactor.Stop);
        Note(2);
        _rig.Advance(3);
        Assert.Empty(_times);
    }

    [Fact]
    public void Cancelling_ends_it()
    {
        using var cancel = new CancellationTokenSource();
        _rig.Reactor.CallLater(TimerRig.Seconds(1), cancel.Cancel);
        Note(2);
        _rig.Reactor.Loop.Advance(_rig.Clock, TimerRig.Seconds(3), cancel: cancel.Token);
        Assert.Empty(_times);
    }

    [Fact]
    public void Whoever_steps_it_is_told_of_each_turn()
    {
        int turns = 0;
        Note(1);
        Note(2);
        _rig.Reactor.Loop.Advance(_rig.Clock, TimerRig.Seconds(3), () => turns++);
        Assert.Equal(2, turns);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_running_loop_does_it_within_posted_work(PollerKind poller)
    {
        var clock = new ManualClock();
        using var running = new RunningReactor(poller, clock);
        Reactor reactor = running.Reactor;
        running.Invoke(() =>
        {
            void Note(double seconds, Action? then = null) => reactor.CallLater(TimerRig.Seconds(seconds), () =>
            {
                _times.Add(clock.Elapsed.TotalSeconds);
                then?.Invoke();
            });
            Note(2, then: () => reactor.Post(() => Note(1)));
            Note(1);
            reactor.Loop.Advance(clock, TimerRig.Seconds(4));
            Assert.Equal([1, 2, 3], _times);
        });
        Assert.Equal(4, clock.Elapsed.TotalSeconds);
        running.Until(() => true);
    }

    private double Elapsed => _rig.Clock.Elapsed.TotalSeconds;

    private void Note(double seconds) => _rig.Reactor.CallLater(TimerRig.Seconds(seconds), () => _times.Add(Elapsed));
}
