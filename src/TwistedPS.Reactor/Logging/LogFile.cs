using System.Threading.Channels;

namespace TwistedPS;

/// <summary>Appends lines to a file from a task of its own, so that a slow disk holds up nobody.</summary>
internal sealed class LogFile : IDisposable
{
    private static readonly TimeSpan s_closeLimit = TimeSpan.FromSeconds(5);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new() { SingleReader = true });
    private readonly StreamWriter _writer;
    private readonly Task _writing;

    /// <param name="path">The file; made if it isn't there.</param>
    /// <param name="failed">Told once, on a pool thread, if writing fails; nothing more is written then.</param>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public LogFile(string path, Action<Exception> failed)
    {
        _writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        _writing = Task.Run(() => WriteAsync(failed));
    }

    public void Write(string line) => _lines.Writer.TryWrite(line);

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _writing.Wait(s_closeLimit);
    }

    private async Task WriteAsync(Action<Exception> failed)
    {
        try
        {
            await using (_writer.ConfigureAwait(false))
            {
                while (await _lines.Reader.WaitToReadAsync().ConfigureAwait(false))
                {
                    while (_lines.Reader.TryRead(out string? line))
                        await _writer.WriteLineAsync(line).ConfigureAwait(false);
                    await _writer.FlushAsync().ConfigureAwait(false);
                }
            }
        }
        catch (IOException e)
        {
            _lines.Writer.TryComplete();
            failed(e);
        }
    }
}
