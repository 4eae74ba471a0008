using System.Text;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Policies;

/// <summary>
/// All that the connections of a service receive and send, in hexadecimal and as text: in one file, or in one for each
/// connection (Twisted's <c>TrafficLoggingFactory</c>). Files are written on the thread pool; what waits for the disk is
/// bounded for all of them together. On the thread of the connection's reactor unless a member says otherwise.
/// </summary>
internal sealed class TrafficLog
{
    /// <summary>The part of a path that stands for the number of a connection, so that each has a file of its own.</summary>
    public const string NumberInPath = "{number}";

    [ThreadStatic]
    private static StringBuilder? s_text;

    private readonly LogRoom _room = new();
    private readonly HashSet<LogFile> _files = [];
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ReactorLog _log;
    private readonly LogFile? _ofAll;
    private int _hasFailed;

    /// <param name="path">The file, or the files if the number of a connection is in it.</param>
    /// <param name="time">The clock of its entries.</param>
    /// <param name="log">The log that says if it can't be written, once.</param>
    public TrafficLog(string path, TimeProvider time, ReactorLog log)
    {
        (_path, _time, _log) = (path, time, log);
        if (!IsForEach(path))
            _ofAll = NewFile(path);
    }

    /// <summary>Completes when all so far is in the files, or could not be written just now. From any thread.</summary>
    public Task Written
    {
        get
        {
            lock (_files)
                return Task.WhenAll(_files.Select(file => file.Written));
        }
    }

    /// <summary>The text of an entry that is being made on this thread.</summary>
    internal static StringBuilder Text => s_text ??= new StringBuilder();

    /// <summary>Sees whether a log can be written there. From any thread.</summary>
    /// <exception cref="IOException">The file can't be opened, or there is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static void Check(string path)
    {
        if (!IsForEach(path))
            new LogFile(path, TimeProvider.System, _ => { }).Check();
        else if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new DirectoryNotFoundException($"There is no folder '{Path.GetDirectoryName(path)}'.");
    }

    /// <summary>Logs what passes a carrier.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="number">The number of the connection.</param>
    /// <param name="source">The name of the connection.</param>
    public ICarrier Wrap(ICarrier carrier, int number, string source)
    {
        LogFile file = _ofAll ?? NewFile(_path.Replace(NumberInPath, $"{number}", StringComparison.OrdinalIgnoreCase));
        return new TrafficLogCarrier(carrier, new TrafficRecord(this, file, VisibleText.Of(source), _time));
    }

    /// <summary>Forgets a file of a connection that has ended, once it is written.</summary>
    internal void End(LogFile file)
    {
        if (file != _ofAll)
            file.Written.ContinueWith(_ => Remove(file), TaskScheduler.Default);
    }

    private static bool IsForEach(string path) => path.Contains(NumberInPath, StringComparison.OrdinalIgnoreCase);

    private LogFile NewFile(string path)
    {
        var file = new LogFile(path, _time, NoteFailure, _room);
        lock (_files)
            _files.Add(file);
        return file;
    }

    private void Remove(LogFile file)
    {
        lock (_files)
            _files.Remove(file);
    }

    private void NoteFailure(Exception error)
    {
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0)
            _log.Add(LogLevel.Warning, $"The traffic log can't be written for now: {error.Message}");
    }
}
