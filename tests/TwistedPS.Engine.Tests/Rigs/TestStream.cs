namespace TwistedPS.Tests;

/// <summary>A stream of unknown length that gives the parts it was given, then an error or the end.</summary>
internal sealed class TestStream(IEnumerable<byte[]> parts, Exception? error = null) : Stream
{
    private readonly IEnumerator<byte[]> _parts = parts.GetEnumerator();

    /// <summary>The length that it claims; without one, it can't be sought.</summary>
    public long? ClaimedLength { get; init; }

    public bool IsDisposed { get; private set; }

    /// <summary>The number of parts read.</summary>
    public int Reads { get; private set; }

    /// <summary>The thread of the last read.</summary>
    public Thread? Reader { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => ClaimedLength is not null;

    public override bool CanWrite => false;

    public override long Length => ClaimedLength ?? throw new NotSupportedException();

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        Reader = Thread.CurrentThread;
        if (!_parts.MoveNext())
            return error is null ? 0 : throw error;
        Reads++;
        _parts.Current.CopyTo(buffer, offset);
        return _parts.Current.Length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
