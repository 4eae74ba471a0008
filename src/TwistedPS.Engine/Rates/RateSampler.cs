using System.Runtime.CompilerServices;

namespace TwistedPS.Engine.Rates;

/// <summary>
/// Looks at services from time to time, and tells what they have done in between. Their reactors are measured until it is disposed.
/// For one thread at a time.
/// </summary>
/// <param name="time">The clock of the rates; the times of handlers and loops are by the clocks of their reactors.</param>
internal sealed class RateSampler(TimeProvider time) : IDisposable
{
    // What comes back, as a client does, is known already.
    private readonly ConditionalWeakTable<Service, ServiceLook> _services = [];
    private readonly Dictionary<Reactor, ReactorLook> _reactors = [];
    private readonly long _start = time.GetTimestamp();
    private TimeSpan? _last;

    /// <summary>Returns what reactors and services have done since the last look at them.</summary>
    public RateSample Sample(IReadOnlyCollection<Reactor> reactors, IReadOnlyCollection<Service> services)
    {
        TimeSpan now = time.GetElapsedTime(_start);
        TimeSpan elapsed = now - (_last ?? now);
        DateTimeOffset clock = time.GetLocalNow();
        Forget(reactors);
        ReactorRate[] busy = [.. reactors.Select(reactor => Find(reactor).Next())];
        Dictionary<Reactor, double> loads = busy.ToDictionary(rate => rate.Reactor, rate => rate.Load);
        ServiceRate[] rates = [.. services.Select(service => Find(service, now, elapsed).Next(now) with
        {
            Time = clock,
            ReactorLoad = service.Reactors.Max(reactor => loads.GetValueOrDefault(reactor)),
        })];
        _last = now;
        return new RateSample(clock, elapsed, busy, rates);
    }

    public void Dispose() => Forget([]);

    /// <summary>Ends the measurement of all reactors but those.</summary>
    private void Forget(IReadOnlyCollection<Reactor> others)
    {
        foreach ((Reactor reactor, ReactorLook look) in _reactors.Where(known => !others.Contains(known.Key)).ToArray())
        {
            look.Dispose();
            _reactors.Remove(reactor);
        }
    }

    private ReactorLook Find(Reactor reactor)
    {
        if (!_reactors.TryGetValue(reactor, out ReactorLook? look))
            _reactors[reactor] = look = new ReactorLook(reactor);
        return look;
    }

    private ServiceLook Find(Service service, TimeSpan now, TimeSpan elapsed)
    {
        if (_services.TryGetValue(service, out ServiceLook? look))
            return look;
        look = new ServiceLook(service);
        if (_last is { } last && service.Uptime <= elapsed)
            look.Begin(last);
        else
            look.Forget(now);
        _services.Add(service, look);
        return look;
    }
}
