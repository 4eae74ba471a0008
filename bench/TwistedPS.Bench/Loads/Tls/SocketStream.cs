using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>
/// A blocking socket as a stream that costs less than .NET's own: one system call reads all that there is, where a stream of TLS
/// reads two records at a time, and asks with a read of no bytes first. One thread may read while another writes.
/// </summary>
internal sealed class SocketStream(Socket socket) : Stream
{
    private readonly byte[] _read = new byte[1 << 17];
    private ArraySegment<byte> _rest;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        if (_rest.Count == 0)
            _rest = new ArraySegment<byte>(_read, 0, socket.Receive(_read));
        int count = Math.Min(buffer.Length, _rest.Count);
        _rest.AsSpan(0, count).CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => socket.Send(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            socket.Dispose();
        base.Dispose(disposing);
    }
}
