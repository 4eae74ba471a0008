using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace TwistedPS.Engine.Services;

/// <summary>The entries of some logs: those that they have, and those still to come, each of them once.</summary>
internal sealed class LogFollower : IDisposable
{
    private readonly Channel<LogEntry> _coming = Channel.CreateUnbounded<LogEntry>();
    private readonly HashSet<ReactorLog> _logs = [];
    private readonly List<LogEntry> _past = [];
    private readonly Action<LogEntry> _add;

    public LogFollower() => _add = entry => _coming.Writer.TryWrite(entry);

    /// <summary>Follows a log, unless it does already. One of a reactor has what its services' logs have.</summary>
    public void Add(ReactorLog log)
    {
        if (_logs.Add(log))
            _past.AddRange(log.Follow(_add));
    }

    /// <summary>Ends it after the entries that have come so far. From any thread.</summary>
    public void End() => _coming.Writer.TryComplete();

    /// <summary>Returns the entries up to now, oldest first.</summary>
    public IEnumerable<LogEntry> ReadPast()
    {
        // While the logs were added one by one, those added first may have got entries.
        while (TryRead(out LogEntry? entry))
            _past.Add(entry);
        return _past.OrderBy(entry => entry.Time);
    }

    public bool TryRead([NotNullWhen(true)] out LogEntry? entry) => _coming.Reader.TryRead(out entry);

    /// <summary>Waits for an entry.</summary>
    /// <returns>False when no more will come.</returns>
    public Task<bool> WaitAsync() => _coming.Reader.WaitToReadAsync().AsTask();

    public void Dispose()
    {
        foreach (ReactorLog log in _logs)
            log.Unfollow(_add);
        End();
    }
}
