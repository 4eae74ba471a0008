namespace TwistedPS.Engine.Services;

/// <summary>The log of a service: the last entries in memory, and all of them in a file on request. Thread-safe.</summary>
/// <param name="time">The clock of its entries.</param>
/// <param name="source">The name of the log's owner.</param>
/// <param name="all">The log of the reactor, which gets every entry as well.</param>
internal sealed class ReactorLog(TimeProvider time, string source, ReactorLog? all = null)
{
    private const int Capacity = 1000;

    private readonly Queue<LogEntry> _entries = new();
    private LogFile? _file;
    private Action<LogEntry>? _followers;

    /// <summary>The lowest level that is kept.</summary>
    public LogLevel Level { get; set; }

    /// <summary>The last entries, oldest first; at most 1000.</summary>
    public LogEntry[] Entries
    {
        get
        {
            lock (_entries)
                return [.. _entries];
        }
    }

    /// <summary>Writes all further entries to a file as well.</summary>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public void OpenFile(string path)
    {
        var file = new LogFile(path, time, e => Add(LogLevel.Error, source, $"The log file can't be written for now: {e.Message}"));
        file.Check();
        _file = file;
    }

    /// <summary>Has a follower called with each further entry, on the thread that writes it. It may neither wait nor throw.</summary>
    /// <returns>The entries before, oldest first.</returns>
    public LogEntry[] Follow(Action<LogEntry> follower)
    {
        lock (_entries)
        {
            _followers += follower;
            return [.. _entries];
        }
    }

    public void Unfollow(Action<LogEntry> follower)
    {
        lock (_entries)
            _followers -= follower;
    }

    public void Add(LogLevel level, string message) => Add(level, source, message);

    /// <param name="level">The severity.</param>
    /// <param name="number">The number of the service's connection or request that it is about.</param>
    /// <param name="address">The address of the peer.</param>
    /// <param name="message">The text.</param>
    public void Add(LogLevel level, int number, string address, string message) =>
        Add(level, $"{source},{number},{address}", message);

    /// <summary>Completes when all entries so far are in the file, or could not be written just now.</summary>
    public Task Written => _file?.Written ?? Task.CompletedTask;

    private void Add(LogLevel level, string from, string message)
    {
        if (level >= Level)
            Add(new LogEntry(time.GetLocalNow(), level, from, message));
    }

    private void Add(LogEntry entry)
    {
        lock (_entries)
        {
            if (_entries.Count == Capacity)
                _entries.Dequeue();
            _entries.Enqueue(entry);
            _followers?.Invoke(entry);
        }

        _file?.Write(entry.ToString());
        all?.Add(entry);
    }
}
