using System.Collections.Concurrent;

namespace TwistedPS.Engine.Services;

/// <summary>
/// A file to which lines are appended on the thread pool, so that a slow disk neither blocks anyone nor fills the memory. It
/// is open only while there is something to write. Thread-safe.
/// </summary>
internal sealed class LogFile
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly object _lock = new();
    private readonly string _path;
    private readonly int _capacity;
    private readonly Action<Exception> _failed;
    private Task _writing = Task.CompletedTask;
    private long _leftOut;
    private bool _isQueued;
    private volatile bool _hasFailed;

    /// <param name="path">The file; created if it doesn't exist.</param>
    /// <param name="failed">Called once, on a pool thread, if writing fails; nothing more is written then.</param>
    /// <param name="capacity">The number of lines that may wait for the disk; further ones are counted and left out.</param>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public LogFile(string path, Action<Exception> failed, int capacity = 100_000)
    {
        _path = path;
        _capacity = capacity;
        _failed = failed;
        Open().Dispose();
    }

    /// <summary>Completes when everything given so far is written.</summary>
    public Task Written
    {
        get
        {
            lock (_lock)
                return _writing;
        }
    }

    public void Write(string line)
    {
        if (_hasFailed)
            return;
        if (_lines.Count < _capacity)
            _lines.Enqueue(line);
        else
            Interlocked.Increment(ref _leftOut);
        lock (_lock)
        {
            if (_isQueued)
                return;
            _isQueued = true;
            _writing = _writing.ContinueWith(_ => WriteAll(), TaskScheduler.Default);
        }
    }

    private StreamWriter Open() => new(new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));

    private void WriteAll()
    {
        // Cleared before the lines are taken: a later one gets a task of its own.
        lock (_lock)
            _isQueued = false;
        try
        {
            using StreamWriter writer = Open();
            while (_lines.TryDequeue(out string? line))
                writer.WriteLine(line);
            if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var leftOut)
                writer.WriteLine($"{leftOut} {(leftOut == 1 ? "entry was" : "entries were")} dropped here: the file could not be written fast enough.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _hasFailed = true;
            _lines.Clear();
            _failed(e);
        }
    }
}
