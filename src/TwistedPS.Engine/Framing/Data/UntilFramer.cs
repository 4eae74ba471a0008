using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>A framer for messages that end with certain bytes.</summary>
/// <param name="delimiter">Those bytes.</param>
/// <param name="maxLength">The longest message in bytes, without its delimiter.</param>
internal sealed class UntilFramer(EncodedDelimiter delimiter, int maxLength) : IFramer<byte[]>
{
    private int _searched;

    public bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] message)
    {
        (consumed, message) = (buffer.Start, []);
        ReadOnlySpan<byte> bytes = buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray();
        int end = delimiter.IndexIn(bytes, _searched);
        Check(end < 0 ? bytes.Length - delimiter.LengthBegun(bytes) : end);
        _searched = end < 0 ? Math.Max(0, bytes.Length - (delimiter.Length - 1)) : 0;
        if (end < 0)
            return false;
        (consumed, message) = (buffer.GetPosition(end + delimiter.Length), bytes[..end].ToArray());
        return true;
    }

    public void Reset() => _searched = 0;

    public void Leave() => _searched = 0;

    public byte[] ReadCutOff(in ReadOnlySequence<byte> rest) => rest.ToArray();

    private void Check(int length)
    {
        if (length > maxLength)
            throw new MessageTooLongException(CloseReason.MessageTooLong, maxLength);
    }
}
