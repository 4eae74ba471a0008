namespace TwistedPS.Tests;

public sealed class HandlerWatchTests : IDisposable
{
    private readonly ManualClock _time = new();
    private readonly List<HandlerCall> _held = [];
    private readonly HandlerWatch _watch;
    private readonly CallContext _call;
    private readonly CallContext _other;
    private readonly Reactor _reactor;
    private readonly LineServer _server;
    private long _steps;

    public HandlerWatchTests()
    {
        _watch = new HandlerWatch(_time, () => _steps, _held.Add);
        _reactor = new Reactor(time: _time);
        _server = new LineServer(_reactor, new ServerOptions { Name = "Echo" }, new LineFormat(), new RecordingHandler());
        _call = new CallContext(new HandlerCall(_server, "OnLine"));
        _other = new CallContext(new HandlerCall(_server, "OnConnect"));
    }

    public void Dispose()
    {
        _watch.Dispose();
        _server.Dispose();
        _reactor.Dispose();
    }

    [Fact]
    public void A_handler_that_holds_the_reactor_is_named_once()
    {
        CallContext? outer = _watch.Enter(_call);
        Advance(0.9);
        Assert.Empty(_held);
        Advance(0.7);
        Assert.Equal([_call.Handler], _held);
        Advance(60);
        Assert.Equal([_call.Handler], _held);
        _watch.Exit(outer);
        Assert.Equal("OnLine of line server Echo (memory)", _call.Handler.ToString());
    }

    [Fact]
    public void Short_handlers_are_not_named_however_many_there_are()
    {
        for (int i = 0; i < 100; i++)
        {
            CallContext? outer = Begin(_call);
            Advance(0.4);
            _watch.Exit(outer);
        }

        Assert.Empty(_held);
    }

    [Fact]
    public void Each_call_that_lasts_is_named()
    {
        for (int i = 0; i < 3; i++)
        {
            CallContext? outer = Begin(i % 2 == 0 ? _call : _other);
            Advance(2);
            _watch.Exit(outer);
        }

        Assert.Equal([_call.Handler, _other.Handler, _call.Handler], _held);
    }

    [Fact]
    public void Short_handlers_that_hold_the_reactor_together_are_named()
    {
        for (int i = 0; i < 100; i++)
        {
            CallContext? outer = _watch.Enter(_call);
            Advance(0.04);
            _watch.Exit(outer);
        }

        Assert.Equal([_call.Handler], _held);
    }

    [Fact]
    public void A_handler_that_calls_many_others_is_named()
    {
        CallContext? outer = Begin(_call);
        for (int i = 0; i < 100; i++)
        {
            CallContext? inner = _watch.Enter(_other);
            Advance(0.04);
            _watch.Exit(inner);
        }

        _watch.Exit(outer);
        Assert.Single(_held);
    }

    [Fact]
    public void An_idle_reactor_has_no_timer()
    {
        Assert.Equal(0, _time.WaitingTimers);
        _watch.Exit(_watch.Enter(_call));
        Assert.Equal(1, _time.WaitingTimers);
        Advance(2);
        Assert.Equal(0, _time.WaitingTimers);
        Advance(2);
        CallContext? outer = Begin(_call);
        Advance(2);
        _watch.Exit(outer);
        Assert.Equal([_call.Handler], _held);
    }

    [Fact]
    public void The_handler_that_runs_now_is_known()
    {
        Assert.Null(_watch.Current);
        CallContext? outer = _watch.Enter(_call);
        Assert.Same(_call, _watch.Current);
        CallContext? inner = _watch.Enter(_other);
        Assert.Same(_other, _watch.Current);
        _watch.Exit(inner);
        Assert.Same(_call, _watch.Current);
        _watch.Exit(outer);
        Assert.Null(_watch.Current);
    }

    [Fact]
    public void The_reactor_tells_of_a_handler_of_its_own_that_holds_it()
    {
        var held = new List<string>();
        var handler = new RecordingHandler { OnLine = (connection, _) => Hold(connection) };
        using var rig = new MemoryRig(handler, new ServerOptions { Name = "Slow" });
        rig.Reactor.HandlerHeld += call => held.Add(call.ToString());
        rig.Connect().Send("a\n");
        Assert.Equal(["OnLine of line server Slow (memory)"], held);

        static void Hold(LineConnection connection) =>
            ((ManualClock)connection.Owner.Reactor.TimeProvider).Advance(TimeSpan.FromSeconds(2));
    }

    /// <summary>Begins a call in a step of its own.</summary>
    private CallContext? Begin(CallContext call)
    {
        _steps++;
        return _watch.Enter(call);
    }

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
