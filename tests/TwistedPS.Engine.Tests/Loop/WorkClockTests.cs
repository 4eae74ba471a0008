namespace TwistedPS.Tests;

public sealed class WorkClockTests : IDisposable
{
    private readonly ManualClock _time = new();
    private readonly WaitingPoller _poller;
    private readonly EventLoop _loop;

    public WorkClockTests()
    {
        _poller = new WaitingPoller(_time);
        _loop = new EventLoop(_poller, _time);
    }

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_loop_works_while_it_does_not_wait()
    {
        _loop.Work.AddWatcher();
        Work(0.3);
        RunUntil(2);
        Assert.Equal(0.3, _loop.Work.Worked.TotalSeconds);
        Assert.True(_time.Elapsed.TotalSeconds > 2);
    }

    [Fact]
    public void What_goes_on_counts_as_far_as_it_has_come()
    {
        double working = -1;
        double waiting = -1;
        _loop.Work.AddWatcher();
        _loop.Post(() =>
        {
            Advance(0.2);
            working = _loop.Work.Worked.TotalSeconds;
            Advance(0.2);
        });
        _poller.InTheMiddle = () => waiting = _loop.Work.Worked.TotalSeconds;
        RunUntil(1);
        Assert.Equal(0.2, working);
        Assert.Equal(0.4, waiting);
    }

    [Fact]
    public void A_loop_that_is_not_run_does_not_work()
    {
        _loop.Work.AddWatcher();
        Work(0.3);
        Advance(5);
        _loop.Iterate();
        Advance(5);
        Work(0.1);
        _loop.Iterate();
        Assert.Equal(0.4, _loop.Work.Worked.TotalSeconds, 6);
    }

    [Fact]
    public void Nothing_counts_while_nobody_watches()
    {
        Work(0.3);
        RunUntil(1);
        Assert.Equal(TimeSpan.Zero, _loop.Work.Worked);
        _loop.Work.AddWatcher();
        _loop.Work.AddWatcher();
        _loop.Work.RemoveWatcher();
        Work(0.2);
        RunUntil(3);
        Assert.Equal(0.2, _loop.Work.Worked.TotalSeconds, 6);
        _loop.Work.RemoveWatcher();
        Work(0.4);
        RunUntil(5);
        Assert.Equal(0.2, _loop.Work.Worked.TotalSeconds, 6);
    }

    [Fact]
    public void Who_begins_to_watch_a_loop_that_works_sees_it_from_its_next_turn_on()
    {
        _loop.Post(() =>
        {
            _loop.Work.AddWatcher();
            Advance(0.5);
        });
        RunUntil(2);
        Assert.Equal(TimeSpan.Zero, _loop.Work.Worked);
        Work(0.1);
        RunUntil(4);
        Assert.Equal(0.1, _loop.Work.Worked.TotalSeconds, 6);
    }

    private void Work(double seconds) => _loop.Post(() => Advance(seconds));

    private void RunUntil(double seconds)
    {
        // Without it, nothing would be waited for.
        _loop.CallLater(TimeSpan.FromDays(1), () => { });
        _loop.Run(() => _time.Elapsed.TotalSeconds > seconds);
    }

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
