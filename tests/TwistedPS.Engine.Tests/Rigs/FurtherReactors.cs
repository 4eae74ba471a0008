namespace TwistedPS.Tests;

/// <summary>The reactors of a server besides its first, each on a thread of its own, which go on after each interruption.</summary>
internal sealed class FurtherReactors
{
    private readonly Thread[] _threads;

    public FurtherReactors(PollerKind poller, int count)
    {
        All = [.. Enumerable.Range(0, count).Select(_ => new Reactor(poller))];
        _threads = [.. All.Select(reactor => new Thread(() => Run(reactor)) { IsBackground = true })];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    public Reactor[] All { get; }

    /// <summary>Waits for their end, which is that of the server.</summary>
    public void Ended() => Assert.All(_threads, thread => Assert.True(thread.Join(Waiting.Limit), "A reactor did not end."));

    private static void Run(Reactor reactor)
    {
        while (!reactor.IsStopped)
        {
            try
            {
                reactor.Run();
            }
            catch (ReactorInterruptedException)
            {
                // A handler was interrupted; the next one is to run.
            }
        }

        reactor.Dispose();
    }
}
