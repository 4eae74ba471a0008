using System.Buffers;

namespace TwistedPS.Commands;

/// <summary>Bytes that come one by one and go as many at a time as have come. Members may be used from any thread.</summary>
internal sealed class ByteStream
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The number of bytes that have not gone.</summary>
    public int Count
    {
        get
        {
            lock (_bytes)
                return _bytes.WrittenCount;
        }
    }

    /// <returns>Whether it is the first, to be followed by <see cref="Dequeue"/>.</returns>
    public bool Add(byte single)
    {
        lock (_bytes)
        {
            _bytes.Write([single]);
            return _bytes.WrittenCount == 1;
        }
    }

    /// <summary>Removes and returns all bytes that have come.</summary>
    public ReadOnlyMemory<byte> Dequeue()
    {
        lock (_bytes)
        {
            byte[] all = _bytes.WrittenSpan.ToArray();
            _bytes.ResetWrittenCount();
            return all;
        }
    }
}
