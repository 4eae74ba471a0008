using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// The format of bytes after their length as a varint: see <see cref="DataFraming.Varint"/>. Bytes before the length belong to the
/// message.
/// </summary>
internal sealed record VarintFormat : SizedFormat
{
    private const int MostBytes = 10;
    private const int BitsOfByte = 7;
    private const int Continues = 1 << BitsOfByte;

    /// <summary>The number of bytes before the length.</summary>
    public int Offset { get; init; }

    public override InvalidMessageException? Refuse(byte[] message) => message.Length < Offset
        ? new InvalidMessageException(CloseReason.InvalidMessage, $"The message of {message.Length} bytes is shorter than its header.")
        : null;

    public override int Write(IBufferWriter<byte> output, byte[] message)
    {
        if (Refuse(message) is { } error)
            throw error;
        Span<byte> span = output.GetSpan(MostBytes + message.Length);
        message.AsSpan(0, Offset).CopyTo(span);
        int at = Offset;
        for (uint rest = (uint)(message.Length - Offset); ; rest >>= BitsOfByte)
        {
            span[at++] = (byte)(rest < Continues ? rest : rest | Continues);
            if (rest < Continues)
                break;
        }

        message.AsSpan(Offset).CopyTo(span[at..]);
        output.Advance(at + message.Length - Offset);
        return 1;
    }

    private protected override FrameBounds? Find(ReadOnlySpan<byte> bytes)
    {
        long length = 0;
        for (int at = 0; Offset + at < bytes.Length; at++)
        {
            byte next = bytes[Offset + at];
            int shift = at * BitsOfByte;
            long part = next & (Continues - 1);

            // No part that fits into the limit can overflow.
            if (part > (long)MaxMessageLength >> shift)
                throw TooLong();
            length |= part << shift;
            if (Offset + length > MaxMessageLength)
                throw TooLong();
            if (next < Continues)
                return Bounds(Offset + at + 1, length);
            if (at + 1 == MostBytes)
                throw new InvalidMessageException(CloseReason.InvalidMessage, $"The received length has more than {MostBytes} bytes.");
        }

        return null;
    }

    private protected override byte[] MessageIn(ReadOnlySpan<byte> bytes, FrameBounds frame) => Offset == 0
        ? base.MessageIn(bytes, frame)
        : [.. bytes[..Offset], .. bytes.Slice(frame.Start, frame.Length)];
}
