namespace TwistedPS.Engine.Metrics;

/// <summary>The use of a page of metrics, which is open as long as somebody uses it.</summary>
/// <param name="page">The page.</param>
internal sealed class MetricsLease(MetricsPage page) : IDisposable
{
    private int _isOver;

    /// <summary>The port of the page.</summary>
    public int Port => page.EndPoint.Port;

    /// <summary>Ends the use, once; the last one frees the port before it returns. From any thread.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
            MetricsPages.Leave(page);
    }

    /// <summary>Ends the use with a service.</summary>
    public void EndWith(Service service)
    {
        service.MetricsPagePort = Port;
        service.Ended += Dispose;

        // One that has ended before it was alive raises nothing.
        service.Completion.ContinueWith(_ => Dispose(), TaskScheduler.Default);
    }

    /// <summary>Ends the use with a reactor.</summary>
    public void EndWith(Reactor reactor)
    {
        reactor.MetricsPort = Port;
        reactor.Loop.Ended.Register(Dispose);
    }
}
