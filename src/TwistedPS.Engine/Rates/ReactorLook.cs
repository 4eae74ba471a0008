using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Rates;

/// <summary>The last look at a reactor, which is measured meanwhile.</summary>
internal sealed class ReactorLook : IDisposable
{
    private readonly Reactor _reactor;
    private readonly IDisposable _measurement;
    private TimeSpan _worked;
    private CallContext? _call;
    private long _steps;
    private long _time;

    public ReactorLook(Reactor reactor)
    {
        (_reactor, _measurement) = (reactor, reactor.Measure());
        Look();
    }

    /// <summary>Returns its rates since the last look.</summary>
    public ReactorRate Next()
    {
        (TimeSpan worked, long time, long steps, CallContext? call) = (_worked, _time, _steps, _call);
        Look();

        // What has held it since before it was measured has not been counted.
        if (call is not null && call == _call && steps == _steps && _reactor.IsRunning)
            return new ReactorRate(_reactor, 1, call.Handler);
        TimeSpan elapsed = _reactor.TimeProvider.GetElapsedTime(time, _time);
        double load = elapsed > TimeSpan.Zero ? (_worked - worked) / elapsed : 0;
        return new ReactorRate(_reactor, Math.Clamp(load, 0, 1), null);
    }

    public void Dispose() => _measurement.Dispose();

    private void Look() =>
        (_worked, _time, _steps, _call) = (_reactor.Loop.Work.Worked, _reactor.Now, _reactor.Loop.Steps, _reactor.Watch.Current);
}
