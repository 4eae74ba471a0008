namespace TwistedPS.Engine.Services;

/// <summary>Has a reactor measure how long its handlers and its loop work, until it is disposed. From any thread.</summary>
internal sealed class Measurement : IDisposable
{
    private readonly Reactor _reactor;
    private int _isOver;

    public Measurement(Reactor reactor)
    {
        _reactor = reactor;
        reactor.Loop.Work.AddWatcher();
        reactor.Watch.BeginMeasuring();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 1)
            return;
        _reactor.Watch.EndMeasuring();
        _reactor.Loop.Work.RemoveWatcher();
    }
}
