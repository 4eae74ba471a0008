using System.Collections.Concurrent;

namespace TwistedPS.Engine.Metrics;

/// <summary>The reactors whose servers have metrics, each until it ends. Members may be called from any thread.</summary>
internal static class MeteredReactors
{
    private static readonly ConcurrentDictionary<Reactor, MeteredReactor> s_all = new();
    private static int s_watchers;

    /// <summary>The reactors, in the order of their numbers.</summary>
    public static IEnumerable<MeteredReactor> All => s_all.Values.OrderBy(metered => metered.Reactor.Id);

    /// <summary>The servers on them.</summary>
    public static IEnumerable<Service> Servers =>
        All.SelectMany(metered => metered.Reactor.Services).Where(MetricAttributes.IsServer).Distinct();

    /// <summary>Whether times are to be measured.</summary>
    public static bool AreWatched => Volatile.Read(ref s_watchers) > 0 || ProcessMeter.WantsTimes;

    /// <summary>Adds a reactor, until it ends.</summary>
    public static void Add(Reactor reactor)
    {
        var metered = new MeteredReactor(reactor);
        s_all[reactor] = metered;
        reactor.Watch.TimesListener = metered;
        metered.Check();
        reactor.Loop.Ended.Register(() => s_all.TryRemove(reactor, out _));
    }

    /// <summary>Has the times of all of them measured, until the result is disposed.</summary>
    public static IDisposable Watch() => new Watcher();

    private static void CheckAll()
    {
        foreach (MeteredReactor metered in All)
            metered.Check();
    }

    private sealed class Watcher : IDisposable
    {
        private int _isOver;

        public Watcher()
        {
            Interlocked.Increment(ref s_watchers);
            CheckAll();
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 1)
                return;
            Interlocked.Decrement(ref s_watchers);
            CheckAll();
        }
    }
}
