namespace TwistedPS.Tests;

/// <summary>A reactor stepped by hand, and timers for it.</summary>
internal sealed class TimerRig : IDisposable
{
    public TimerRig() => Reactor = new Reactor(time: Clock);

    public ManualClock Clock { get; } = new();

    public Reactor Reactor { get; }

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public ReactorTimer After(double delay, RecordingTimerHandler handler) =>
        Start(new ReactorTimerOptions { Delay = Seconds(delay) }, handler);

    public ReactorTimer Every(double interval, RecordingTimerHandler handler, int? count = null, bool now = false) =>
        Start(
            new ReactorTimerOptions
            {
                Delay = now ? TimeSpan.Zero : Seconds(interval),
                Interval = Seconds(interval),
                Count = count,
            },
            handler);

    public void Advance(double seconds) => Reactor.Loop.Advance(Clock, Seconds(seconds));

    public void Dispose() => Reactor.Dispose();

    private ReactorTimer Start(ReactorTimerOptions options, RecordingTimerHandler handler)
    {
        var timer = new ReactorTimer(Reactor, options, handler);
        timer.Start();
        return timer;
    }
}
