using System.Collections.Concurrent;

namespace TwistedPS.Engine.Measures;

/// <summary>The times that the handlers of a service have taken while they were measured. Thread-safe.</summary>
internal sealed class HandlerTimes
{
    private readonly ConcurrentDictionary<string, TimeHistogram> _byName = new(StringComparer.Ordinal);

    /// <summary>The times so far, by the names of the handlers.</summary>
    public IEnumerable<KeyValuePair<string, TimeDistribution>> All =>
        _byName.Select(handler => KeyValuePair.Create(handler.Key, handler.Value.Times));

    /// <summary>Returns the histogram of a handler.</summary>
    public TimeHistogram Of(string name) => _byName.GetOrAdd(name, static _ => new TimeHistogram());
}
