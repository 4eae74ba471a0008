using System.Buffers;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Tls;

/// <summary>
/// A carrier as the stream beneath an <see cref="System.Net.Security.SslStream"/>. A read that must wait completes within
/// <see cref="Continue"/>, on the loop's thread, and so does all that follows from it. On that thread only.
/// </summary>
internal sealed class CipherStream(ICarrier carrier) : AsyncStream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _read;
    private Memory<byte> _target;
    private bool _canReceive;
    private bool _isOver;

    /// <summary>Whether a read waits.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Whether the end of the carrier was read.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The first byte of the peer; null until it has come.</summary>
    public byte? First { get; private set; }

    /// <summary>Notes that the carrier can be read.</summary>
    public void Arrived() => _canReceive = true;

    /// <summary>Lets a read that waits go on, if it can.</summary>
    public void Continue()
    {
        if (!IsWaiting)
            return;
        int count = 0;
        IOException? error = null;
        try
        {
            if (!TryRead(_target, out count))
                return;
        }
        catch (IOException e)
        {
            error = e;
        }

        (IsWaiting, _target) = (false, default);
        if (error is null)
            _read.SetResult(count);
        else
            _read.SetException(error);
    }

    /// <summary>Ends reading, since nothing is to come any more: the carrier is no longer used.</summary>
    public void End()
    {
        _isOver = true;
        Continue();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (TryRead(buffer, out int count))
            return new ValueTask<int>(count);
        (_target, IsWaiting) = (buffer, true);
        _read.Reset();
        return new ValueTask<int>(this, _read.Version);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!_isOver)
            carrier.Unsent.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    // A read of no bytes only asks whether there are some. One that gets less than it could take has had all that there was;
    // what comes later is told of again.
    private bool TryRead(Memory<byte> buffer, out int count)
    {
        count = 0;
        if (_isOver || !_canReceive || buffer.IsEmpty)
            return _isOver || _canReceive;
        count = carrier.Receive(buffer, out SocketError error);
        if (error == SocketError.WouldBlock)
            return _canReceive = false;
        if (error != SocketError.Success)
            throw new IOException(null, new SocketException((int)error));
        HasEnded = count == 0;
        if (!HasEnded)
            First ??= buffer.Span[0];
        _canReceive = HasEnded || count == buffer.Length;
        return true;
    }
}
