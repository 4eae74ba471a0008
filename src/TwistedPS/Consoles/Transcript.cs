using System.Globalization;
using TwistedPS.Engine.Services;

namespace TwistedPS.Consoles;

/// <summary>A file of what is said at a console: the time, who says it, and the text with escapes for control characters.</summary>
internal sealed class Transcript : IDisposable
{
    public const char Sent = '>';
    public const char Received = '<';
    public const char Status = '=';

    private static readonly TimeSpan s_toBeWritten = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly LogFile _file;
    private string? _failure;

    /// <param name="path">The file, to which it is appended.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public Transcript(string path, TimeProvider time)
    {
        _time = time;
        _file = new LogFile(path, time, error => _failure = error.Message);
        _file.Check();
    }

    /// <param name="who">Who says it.</param>
    /// <param name="text">The text.</param>
    public void Write(char who, string text)
    {
        string time = _time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
        _file.Write($"{time.Remove(time.Length - 3, 1)} {who} {VisibleText.Of(text)}");
    }

    /// <summary>Returns why it can't be written for now, once.</summary>
    public string? DequeueFailure() => Interlocked.Exchange(ref _failure, null);

    public void Dispose() => _file.Written.Wait(s_toBeWritten);
}
