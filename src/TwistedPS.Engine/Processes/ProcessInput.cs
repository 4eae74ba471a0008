using System.Buffers;
using System.Threading.Channels;
using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.Processes;

/// <summary>The queued input of a process, written on the thread pool. Thread-safe.</summary>
internal sealed class ProcessInput
{
    private readonly ReactorProcess _owner;
    private readonly Stream _stream;
    private readonly LineWriter _writer;
    private readonly Channel<ReadOnlyMemory<byte>> _unsent = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private long _unsentBytes;

    public ProcessInput(ReactorProcess owner, Stream stream, LineWriter writer) =>
        (_owner, _stream, _writer) = (owner, stream, writer);

    public long UnsentBytes => Interlocked.Read(ref _unsentBytes);

    /// <returns>False if the input has ended.</returns>
    public bool Send(string text)
    {
        var lines = new ArrayBufferWriter<byte>();
        _writer.Write(lines, text);
        Interlocked.Add(ref _unsentBytes, lines.WrittenCount);
        return _unsent.Writer.TryWrite(lines.WrittenMemory);
    }

    /// <summary>Closes the input once everything sent is written.</summary>
    public void End() => _unsent.Writer.TryComplete();

    /// <summary>Writes queued input until its end, or until nobody can read it any more.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (ReadOnlyMemory<byte> lines in _unsent.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                await _stream.WriteAsync(lines, cancel).ConfigureAwait(false);
                Interlocked.Add(ref _unsentBytes, -lines.Length);
            }
        }
        catch (IOException e)
        {
            _owner.ReactorLog.Add(LogLevel.Debug, $"It closed its input with {UnsentBytes} bytes unread: {e.Message}");
        }
        finally
        {
            End();
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }
}
