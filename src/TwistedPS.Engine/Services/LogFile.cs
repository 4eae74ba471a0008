using System.Text;

namespace TwistedPS.Engine.Services;

/// <summary>
/// A file to which lines are appended on the thread pool, so that a slow disk neither blocks anyone nor fills the memory. It
/// is open only while there is something to write, so others may move or delete it. While it can't be written, lines wait,
/// and it is tried again. Thread-safe.
/// </summary>
internal sealed class LogFile
{
    private const int BatchLength = 65536;

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly List<string> _batch = [];
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _failed;
    private readonly LogRoom _room;
    private Task _writing = Task.CompletedTask;
    private ITimer? _retry;
    private Exception? _failure;
    private long _leftOut;
    private Exception? _leftOutFor;
    private bool _isQueued;

    /// <param name="path">The file; created if it doesn't exist.</param>
    /// <param name="time">The clock by which it is tried again.</param>
    /// <param name="failed">Called on a pool thread when writing begins to fail, once until it succeeds again.</param>
    /// <param name="room">The room for lines that wait for the disk; its own by default.</param>
    public LogFile(string path, TimeProvider time, Action<Exception> failed, LogRoom? room = null)
    {
        (_path, _time, _failed) = (path, time, failed);
        _room = room ?? new LogRoom();
    }

    /// <summary>Completes when everything given so far is written, or could not be written just now.</summary>
    public Task Written
    {
        get
        {
            lock (_lock)
            {
                if (_failure is not null)
                    QueueWriting();
                return _writing;
            }
        }
    }

    /// <summary>Sees whether it can be written.</summary>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public void Check() => Open().Dispose();

    public void Write(string line)
    {
        lock (_lock)
        {
            if (_room.TryEnter(line))
            {
                NoteLeftOut();
                _lines.Enqueue(line);
            }
            else
            {
                _leftOut++;
                _leftOutFor = _failure;
            }

            if (_failure is null)
                QueueWriting();
        }
    }

    private FileStream Open() => new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    // In the place of the lines, so before the next one for which there is room.
    private void NoteLeftOut()
    {
        if (_leftOut == 0)
            return;
        string why = _leftOutFor is null ? "fast enough." : $"for a while: {_leftOutFor.Message}";
        string note = $"{_leftOut} {(_leftOut == 1 ? "entry was" : "entries were")} left out here: the file could not be written {why}";
        _room.Enter(note);
        _lines.Enqueue(note);
        _leftOut = 0;
    }

    private void QueueWriting()
    {
        if (_isQueued)
            return;
        _isQueued = true;
        _writing = _writing.ContinueWith(_ => WriteAll(), TaskScheduler.Default);
    }

    private void WriteAll()
    {
        // Cleared before the lines are dequeued: a later one gets a task of its own.
        lock (_lock)
            _isQueued = false;
        try
        {
            // Servers may share a file.
            FileTurns.Run(_path, AppendAll);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NoteFailure(e);
        }
    }

    private void AppendAll()
    {
        using FileStream file = Open();
        while (FillBatch() is { Length: > 0 } batch)
        {
            Append(file, batch);
            NoteWritten();
        }
    }

    /// <returns>The next lines as bytes: those of a batch that could not be written, or new ones.</returns>
    private byte[] FillBatch()
    {
        lock (_lock)
        {
            if (_batch.Count == 0 && _lines.Count == 0)
                NoteLeftOut();
            int length = _batch.Sum(line => line.Length);
            while (length < BatchLength && _lines.TryDequeue(out string? line))
            {
                _batch.Add(line);
                length += line.Length;
            }

            return Encoding.UTF8.GetBytes(string.Concat(_batch.Select(line => line + Environment.NewLine)));
        }
    }

    private static void Append(FileStream file, byte[] batch)
    {
        long start = file.Length;
        try
        {
            file.Write(batch);
        }
        catch (IOException)
        {
            // The part that has found room is written again with the rest.
            if (file.Length > start)
                file.SetLength(start);
            throw;
        }
    }

    private void NoteWritten()
    {
        lock (_lock)
        {
            _batch.ForEach(_room.Leave);
            _batch.Clear();
            _failure = null;
        }
    }

    private void NoteFailure(Exception failure)
    {
        bool isFirst;
        lock (_lock)
        {
            isFirst = _failure is null;
            _failure = failure;
            _retry?.Dispose();
            _retry = _time.CreateTimer(_ => Retry(), null, s_retryAfter, Timeout.InfiniteTimeSpan);
        }

        if (isFirst)
            _failed(failure);
    }

    private void Retry()
    {
        lock (_lock)
            QueueWriting();
    }
}
