using System.Buffers;
using System.Buffers.Binary;

namespace TwistedPS.Engine.Framing;

/// <summary>The format of bytes after their length: see <see cref="DataFraming.Length8"/> and the like.</summary>
/// <param name="PrefixLength">The size of the length in bytes: 1, 2 or 4.</param>
internal sealed record LengthFormat(int PrefixLength) : DataFormat
{
    private int Longest => PrefixLength == sizeof(uint) ? int.MaxValue : (1 << (8 * PrefixLength)) - 1;

    public override bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] message)
    {
        if (buffer.Length < PrefixLength)
            return Unfinished(buffer, out consumed, out message);
        Span<byte> prefix = stackalloc byte[sizeof(uint)];
        prefix.Clear();
        buffer.Slice(0, PrefixLength).CopyTo(prefix[^PrefixLength..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length > MaxMessageLength)
            throw new MessageTooLongException(CloseReason.MessageTooLong, MaxMessageLength);
        if (buffer.Length - PrefixLength < length)
            return Unfinished(buffer, out consumed, out message);
        ReadOnlySequence<byte> content = buffer.Slice(PrefixLength, length);
        (consumed, message) = (content.End, content.ToArray());
        return true;
    }

    public override InvalidMessageException? Refuse(byte[] message) =>
        message.Length > Longest ? new MessageTooLongException(CloseReason.MessageTooLong, Longest) : null;

    public override int Write(IBufferWriter<byte> output, byte[] message)
    {
        if (Refuse(message) is { } error)
            throw error;
        Span<byte> prefix = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(prefix, message.Length);
        output.Write(prefix[^PrefixLength..]);
        output.Write(message);
        return 1;
    }
}
