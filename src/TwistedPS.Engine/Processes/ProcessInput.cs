using System.Buffers;
using System.Threading.Channels;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Processes;

/// <summary>The queued input of a process, written on the thread pool. Thread-safe.</summary>
internal sealed class ProcessInput
{
    /// <summary>The factor of the limit for sources that wait: each has written before, and one may go on within its call.</summary>
    private const long Overshoot = 16;

    private const int PieceSize = 65536;
    private const byte CtrlD = 4;

    private readonly ReactorProcess _owner;
    private readonly Stream _stream;
    private readonly LineWriter _writer;
    private readonly int _limit;
    private readonly bool _isTerminal;
    private readonly Channel<ReadOnlyMemory<byte>> _unsent = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private readonly HashSet<IProducer> _waiting = [];
    private long _unsentBytes;
    private long _bytes;
    private int _somebodyWaits;
    private volatile bool _isOver;
    private volatile bool _isMidLine;

    public ProcessInput(ReactorProcess owner, Stream stream, ProcessOptions options)
    {
        (_owner, _stream, _limit, _isTerminal) = (owner, stream, options.InputLimit, options.Terminal is not null);
        _writer = new LineWriter(LineDelimiter.Parse(Environment.NewLine), options.Encoding);
    }

    public long UnsentBytes => Interlocked.Read(ref _unsentBytes);

    /// <summary>The number of bytes that were written to it.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Writes text as lines.</summary>
    /// <inheritdoc cref="Write"/>
    public void WriteLines(string text, IProducer? source)
    {
        var lines = new ArrayBufferWriter<byte>();
        _writer.Write(lines, text);
        Write(lines.WrittenMemory, source);
    }

    /// <param name="bytes">The bytes, which stay as they are.</param>
    /// <param name="source">The source, which waits if the process doesn't read; where none could, it is refused at the limit.</param>
    /// <exception cref="InvalidOperationException">The input has ended, or too much of it is unread.</exception>
    public void Write(ReadOnlyMemory<byte> bytes, IProducer? source)
    {
        long most = source is null ? _limit : Overshoot * Math.Max(_limit, PieceSize);
        if (UnsentBytes > most)
            throw new InvalidOperationException($"The {_owner.Description} does not read its input: {UnsentBytes} bytes are pending.");
        if (!TryWrite(bytes))
            throw new InvalidOperationException($"The input of {_owner.Description} has ended.");
        if (source is not null)
            WaitIfFull(source);
    }

    /// <summary>Writes what was read from a source that waits after each read; nothing once the input has ended.</summary>
    public void WriteRelayed(ReadOnlySpan<byte> bytes, IProducer source)
    {
        if (TryWrite(bytes.ToArray()))
            WaitIfFull(source);
    }

    /// <summary>Writes what was given at the start, whatever its size.</summary>
    public void WriteAll(ProcessOptions options)
    {
        foreach (string line in options.Input ?? [])
        {
            var bytes = new ArrayBufferWriter<byte>();
            _writer.Write(bytes, line);
            TryWrite(bytes.WrittenMemory);
        }

        TryWrite(options.InputBytes);
        End();
    }

    /// <summary>
    /// Closes the input once everything sent is written. A terminal can't be closed one way: there it is Ctrl+D, a second one in the
    /// midst of a line, which the first one only sends.
    /// </summary>
    public void End()
    {
        if (!_isTerminal)
            Close();
        else
            TryWrite(_isMidLine ? new[] { CtrlD, CtrlD } : new[] { CtrlD });
    }

    /// <summary>Writes queued input until its end, or until nobody can read it any more.</summary>
    public async Task SendAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (ReadOnlyMemory<byte> bytes in _unsent.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
                await SendAsync(bytes, cancel).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            _owner.ReactorLog.Add(LogLevel.Debug, $"It closed its input with {UnsentBytes} bytes unread: {e.Message}");
        }
        finally
        {
            Close();
            _isOver = true;
            _owner.Reactor.Post(LetGo);
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlyMemory<byte> piece = bytes[..Math.Min(bytes.Length, PieceSize)];
            await _stream.WriteAsync(piece, cancel).ConfigureAwait(false);
            bytes = bytes[piece.Length..];
            Interlocked.Add(ref _bytes, piece.Length);
            if (Interlocked.Add(ref _unsentBytes, -piece.Length) <= _limit / 2 && Volatile.Read(ref _somebodyWaits) != 0)
                _owner.Reactor.Post(LetGo);
        }
    }

    private bool TryWrite(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return !_isOver;
        Interlocked.Add(ref _unsentBytes, bytes.Length);
        _isMidLine = bytes.Span[^1] is not ((byte)'\n' or (byte)'\r' or CtrlD);
        if (_unsent.Writer.TryWrite(bytes))
            return true;
        Interlocked.Add(ref _unsentBytes, -bytes.Length);
        return false;
    }

    private void Close() => _unsent.Writer.TryComplete();

    /// <summary>Pauses a source until half of the limit has drained. On the reactor's thread only, as <see cref="LetGo"/>.</summary>
    private void WaitIfFull(IProducer source)
    {
        if (UnsentBytes <= _limit)
            return;
        if (_waiting.Add(source))
            source.Pause(this);
        Interlocked.Exchange(ref _somebodyWaits, 1);
        LetGo();
    }

    /// <summary>Lets the sources go on, if there is room or nobody to read.</summary>
    private void LetGo()
    {
        if (UnsentBytes > _limit / 2 && !_isOver)
            return;
        Interlocked.Exchange(ref _somebodyWaits, 0);
        IProducer[] all = [.. _waiting];
        _waiting.Clear();
        foreach (IProducer source in all)
            source.Resume(this);
    }
}
