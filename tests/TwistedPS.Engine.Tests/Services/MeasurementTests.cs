namespace TwistedPS.Tests;

public sealed class MeasurementTests : IDisposable
{
    private readonly MemoryRig _rig;
    private Action _during = () => { };

    public MeasurementTests() => _rig = new MemoryRig(new RecordingHandler
    {
        OnLine = (_, line) =>
        {
            _during();
            Advance(double.Parse(line, System.Globalization.CultureInfo.InvariantCulture));
        },
        OnDisconnect = (_, _) => Advance(0.004),
    });

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Each_call_of_a_handler_is_measured_by_itself_even_in_one_batch()
    {
        using IDisposable measurement = _rig.Reactor.Measure();
        _rig.Connect().Send("0.001\n0.002\n0.001\n");
        TimeDistribution times = TimesOf("OnLine");
        Assert.Equal(3, times.Count);
        Assert.Equal(4, times.Total.TotalMilliseconds);
        Assert.InRange(times.Longest!.Value.TotalMilliseconds, 1.9, 2.1);
        Assert.InRange(times.Quantile(0.5)!.Value.TotalMilliseconds, 0.95, 1.05);
    }

    [Fact]
    public void Handlers_of_a_service_are_told_apart()
    {
        using IDisposable measurement = _rig.Reactor.Measure();
        MemoryPeer peer = _rig.Connect();
        peer.Send("0.001\n");
        peer.Close();
        _rig.Until("disconnect 0: Done");
        Assert.Equal(1, TimesOf("OnLine").Total.TotalMilliseconds);
        Assert.Equal(4, TimesOf("OnDisconnect").Total.TotalMilliseconds);
    }

    [Fact]
    public void Nothing_is_measured_while_nobody_asks()
    {
        MemoryPeer peer = _rig.Connect();
        peer.Send("0.001\n");
        Assert.Empty(_rig.Server.Times.All);
        IDisposable measurement = _rig.Reactor.Measure();
        IDisposable other = _rig.Reactor.Measure();
        measurement.Dispose();
        measurement.Dispose();
        peer.Send("0.001\n");
        other.Dispose();
        peer.Send("0.001\n");
        Assert.Equal(1, TimesOf("OnLine").Count);
    }

    [Fact]
    public void A_call_that_has_begun_before_is_not_measured()
    {
        IDisposable? measurement = null;
        MemoryPeer peer = _rig.Connect();
        using (_rig.Reactor.Measure())
            peer.Send("0.001\n");
        _during = () => measurement ??= _rig.Reactor.Measure();
        peer.Send("5\n0.002\n");
        Assert.Equal(2, TimesOf("OnLine").Count);
        Assert.Equal(3, TimesOf("OnLine").Total.TotalMilliseconds);
        measurement!.Dispose();
    }

    private TimeDistribution TimesOf(string handler) => _rig.Server.Times.Of(handler).Times;

    private void Advance(double seconds) => _rig.Time.Advance(TimeSpan.FromSeconds(seconds));
}
