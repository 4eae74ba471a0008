using TwistedPS.Engine.Measures;

namespace TwistedPS.Engine.Rates;

/// <summary>The last look at a service.</summary>
/// <param name="service">The service.</param>
internal sealed class ServiceLook(Service service)
{
    private readonly Dictionary<string, TimeDistribution> _first = new(StringComparer.Ordinal);
    private Dictionary<string, TimeDistribution> _times = new(StringComparer.Ordinal);
    private ServiceCounts _counts;
    private TimeSpan _firstTime;
    private TimeSpan _time;

    /// <summary>Takes what it has counted so far for nothing new.</summary>
    /// <param name="time">The present time.</param>
    public void Forget(TimeSpan time)
    {
        _counts = ServiceCounts.Of(service);
        Begin(time);
        foreach ((string handler, TimeDistribution times) in service.Times.All)
            _first[handler] = _times[handler] = times;
    }

    /// <summary>Takes it for one that has begun at a given time.</summary>
    public void Begin(TimeSpan time) => _firstTime = _time = time;

    /// <summary>Returns its rates since the last look.</summary>
    public ServiceRate Next(TimeSpan time)
    {
        (ServiceCounts counts, Dictionary<string, TimeDistribution> times) = (ServiceCounts.Of(service), new(service.Times.All, StringComparer.Ordinal));
        ServiceCounts more = counts.Since(_counts);
        TimeSpan elapsed = time - _time;
        TimeDistribution all = times
            .Select(handler => Since(handler, _times))
            .Aggregate(TimeDistribution.None, (sum, one) => sum.With(one));
        var rate = new ServiceRate(service)
        {
            Duration = elapsed,
            Status = ServiceFacts.StatusOf(service),
            Peers = ServiceFacts.PeersOf(service),
            InPerSecond = PerSecond(more.In, elapsed) ?? 0,
            OutPerSecond = PerSecond(more.Out, elapsed),
            BytesInPerSecond = PerSecond(more.BytesIn, elapsed),
            BytesOutPerSecond = PerSecond(more.BytesOut, elapsed),
            P50 = all.Quantile(0.5),
            P99 = all.Quantile(0.99),
            Load = Share(all, elapsed),
            Errors = more.Errors,
            Handlers = Rates(times, _times, elapsed),
            HandlersSoFar = Rates(times, _first, time - _firstTime),
        };
        (_counts, _times, _time) = (counts, times, time);
        return rate;
    }

    private static HandlerRate[] Rates(
        Dictionary<string, TimeDistribution> times, Dictionary<string, TimeDistribution> earlier, TimeSpan elapsed) =>
        [.. times
            .Select(handler => (Handler: handler.Key, Times: Since(handler, earlier)))
            .Where(handler => handler.Times.Count > 0)
            .OrderByDescending(handler => handler.Times.Total)
            .Select(handler => new HandlerRate(
                handler.Handler,
                handler.Times.Count,
                handler.Times.Quantile(0.5),
                handler.Times.Quantile(0.99),
                handler.Times.Longest,
                Share(handler.Times, elapsed)))];

    private static TimeDistribution Since(KeyValuePair<string, TimeDistribution> handler, Dictionary<string, TimeDistribution> earlier) =>
        earlier.TryGetValue(handler.Key, out TimeDistribution? before) ? handler.Value.Since(before) : handler.Value;

    private static double? PerSecond(long? count, TimeSpan elapsed) =>
        elapsed > TimeSpan.Zero ? count / elapsed.TotalSeconds : count is null ? null : 0;

    private static double Share(TimeDistribution times, TimeSpan elapsed) =>
        elapsed > TimeSpan.Zero ? Math.Clamp(times.Total / elapsed, 0, 1) : 0;
}
