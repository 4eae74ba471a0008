namespace TwistedPS.Tests;

/// <summary>A handler that records the time of each call of a timer, in seconds, and does what a test asks for.</summary>
internal sealed class RecordingTimerHandler : ITimerHandler
{
    private int _depth;

    public Action<ReactorTimer, long>? OnTick { get; init; }

    /// <summary>The number and the time of each call.</summary>
    public List<(long Number, double Time)> Calls { get; } = [];

    public bool WasNested { get; private set; }

    public void Tick(ReactorTimer timer, long number)
    {
        WasNested |= _depth++ > 0;
        Calls.Add((number, ((ManualClock)timer.Reactor.TimeProvider).Elapsed.TotalSeconds));
        try
        {
            OnTick?.Invoke(timer, number);
        }
        finally
        {
            _depth--;
        }
    }
}
