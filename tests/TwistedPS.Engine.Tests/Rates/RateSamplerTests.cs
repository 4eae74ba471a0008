using System.Globalization;

namespace TwistedPS.Tests;

public sealed class RateSamplerTests : IDisposable
{
    private readonly MemoryRig _rig;
    private readonly RateSampler _sampler;

    public RateSamplerTests()
    {
        _rig = new MemoryRig(new RecordingHandler { OnLine = OnLine }, new ServerOptions { Name = "Echo" });
        _sampler = new RateSampler(_rig.Time);
    }

    public void Dispose()
    {
        _sampler.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public void The_first_look_has_no_rates_yet()
    {
        MemoryPeer peer = _rig.Connect();
        peer.Send("0\n0\n");
        RateSample sample = Sample();
        Assert.Equal(TimeSpan.Zero, sample.Duration);
        ServiceRate rate = Assert.Single(sample.Services);
        Assert.Equal(("Echo", "LineServer", "Running", 1), (rate.Name, rate.Kind, rate.Status, rate.Peers));
        Assert.Equal((0, 0, 0, 0), (rate.InPerSecond, rate.OutPerSecond, rate.BytesInPerSecond, rate.BytesOutPerSecond));
        Assert.Null(rate.P50);
        Assert.Empty(rate.Handlers);
    }

    [Fact]
    public void Rates_are_what_came_since_the_last_look_a_second()
    {
        MemoryPeer peer = _rig.Connect();
        peer.Send("0\n");
        Sample();
        peer.Send("0\n0\n0\n0\n0\n");
        Advance(2);
        ServiceRate rate = Sample().Services[0];
        Assert.Equal(TimeSpan.FromSeconds(2), rate.Duration);
        Assert.Equal(_rig.Time.GetLocalNow(), rate.Time);
        Assert.Equal((2.5, 2.5), (rate.InPerSecond, rate.OutPerSecond));
        Assert.Equal((5, 7.5), (rate.BytesInPerSecond, rate.BytesOutPerSecond));
        Advance(1);
        rate = Sample().Services[0];
        Assert.Equal((0, 0, 0, 0), (rate.InPerSecond, rate.OutPerSecond, rate.BytesInPerSecond, rate.BytesOutPerSecond));
    }

    [Fact]
    public void Handlers_have_the_times_of_their_calls_and_their_share()
    {
        MemoryPeer peer = _rig.Connect();
        Sample();
        for (int i = 0; i < 98; i++)
            peer.Send("0.001\n");
        peer.Send("0.1\n");
        peer.Send("0.1\n");
        Advance(0.702);
        ServiceRate rate = Sample().Services[0];
        Assert.Equal(1, rate.Duration.TotalSeconds, 9);
        HandlerRate handler = Assert.Single(rate.Handlers);
        Assert.Equal(("OnLine", 100), (handler.Handler, handler.Calls));
        AssertNear(1, handler.P50);
        AssertNear(100, handler.P99);
        AssertNear(100, handler.Longest);
        Assert.Equal(0.298, handler.Load, 9);
        Assert.Equal((handler.P50, handler.P99, handler.Load), (rate.P50, rate.P99, rate.Load));
        Assert.Equal(0.298, rate.ReactorLoad, 9);
        Assert.Equal(rate.Handlers, rate.HandlersSoFar);
    }

    [Fact]
    public void What_came_since_the_first_look_is_told_apart_from_what_came_since_the_last()
    {
        MemoryPeer peer = _rig.Connect();
        Sample();
        peer.Send("0.1\n");
        Advance(0.9);
        Sample();
        peer.Send("0.2\n");
        Advance(0.8);
        ServiceRate rate = Sample().Services[0];
        Assert.Equal(1, Assert.Single(rate.Handlers).Calls);
        Assert.Equal(0.2, rate.Load, 9);
        HandlerRate soFar = Assert.Single(rate.HandlersSoFar);
        Assert.Equal(2, soFar.Calls);
        Assert.Equal(0.15, soFar.Load, 9);
    }

    [Fact]
    public void Errors_count_by_the_look()
    {
        MemoryPeer peer = _rig.Connect();
        Sample();
        peer.Send("none\n");
        Assert.Equal(1, Sample().Services[0].Errors);
        Assert.Equal(0, Sample().Services[0].Errors);
    }

    [Fact]
    public void What_has_begun_between_two_looks_has_all_that_it_has_done()
    {
        Sample();
        Advance(1);
        LineServer other = StartServer();
        _rig.Connect(other).Send("0\n0\n0\n0\n");
        Advance(1);
        Assert.Equal(2, RateOf(other).InPerSecond);
    }

    [Fact]
    public void What_is_older_and_seen_for_the_first_time_has_no_rates_yet()
    {
        LineServer other = StartServer();
        _rig.Connect(other).Send("0\n0\n");
        Advance(1);
        _sampler.Sample([_rig.Reactor], [_rig.Server]);
        Advance(1);
        Assert.Equal(0, RateOf(other).InPerSecond);
        _rig.Connect(other).Send("0\n");
        Advance(1);
        Assert.Equal(1, RateOf(other).InPerSecond);
    }

    [Fact]
    public void A_timer_has_calls_and_nothing_else()
    {
        var timer = new ReactorTimer(
            _rig.Reactor, new ReactorTimerOptions { Delay = Seconds(0.25), Interval = Seconds(0.25) }, new RecordingTimerHandler());
        _rig.Do(timer.Start);
        Sample();
        _rig.Reactor.Loop.Advance(_rig.Time, Seconds(2));
        ServiceRate rate = RateOf(timer);
        Assert.Equal((4, null, null, null), (rate.InPerSecond, rate.OutPerSecond, rate.BytesInPerSecond, rate.BytesOutPerSecond));
        Assert.Null(rate.Peers);
        Assert.Equal("OnTick", Assert.Single(rate.Handlers).Handler);
    }

    [Fact]
    public void A_handler_that_holds_its_reactor_all_the_time_is_named()
    {
        ReactorRate? held = null;
        using var sampler = new RateSampler(_rig.Time);
        _rig.Do(() => _rig.Server.Call(new HandlerCall(_rig.Server, "OnTest"), null, this, _ =>
        {
            sampler.Sample([_rig.Reactor], []);
            Advance(1);
            held = Assert.Single(sampler.Sample([_rig.Reactor], []).Reactors);
        }));
        Assert.Equal((1, "OnTest of line server Echo (memory)"), (held!.Load, $"{held.Held}"));
        Advance(1);
        Assert.Null(Sample().Reactors[0].Held);
    }

    [Fact]
    public void Reactors_are_measured_only_while_they_are_looked_at()
    {
        MemoryPeer peer = _rig.Connect();
        Sample();
        _sampler.Sample([], []);
        peer.Send("0.1\n");
        Assert.Empty(_rig.Server.Times.All);
        Sample();
        peer.Send("0.1\n");
        Assert.Single(_rig.Server.Times.All);
        _sampler.Dispose();
        peer.Send("0.1\n");
        Assert.Equal(1, _rig.Server.Times.Of("OnLine").Times.Count);
    }

    private void OnLine(LineConnection connection, string line)
    {
        Advance(double.Parse(line, CultureInfo.InvariantCulture));
        connection.Send(line);
    }

    private RateSample Sample() => _sampler.Sample([_rig.Reactor], _rig.Reactor.Services);

    private ServiceRate RateOf(Service service) => Sample().Services.Single(rate => rate.Service == service);

    private LineServer StartServer()
    {
        var server = new LineServer(_rig.Reactor, new ServerOptions(), new LineFormat(), new RecordingHandler());
        _rig.Do(server.Start);
        return server;
    }

    private void Advance(double seconds) => _rig.Time.Advance(Seconds(seconds));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void AssertNear(double milliseconds, TimeSpan? time) =>
        Assert.InRange(time!.Value.TotalMilliseconds, milliseconds * 0.97, milliseconds * 1.03);
}
