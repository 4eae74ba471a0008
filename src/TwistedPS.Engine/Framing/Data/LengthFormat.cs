using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// The format of bytes after a header that has their length in it: see <see cref="DataFraming.Length8"/> and the like, and
/// <see cref="DataFraming(System.Collections.IDictionary)"/>.
/// </summary>
/// <param name="Size">The size of the length in bytes, 1 to 8.</param>
internal sealed record LengthFormat(int Size) : SizedFormat
{
    /// <summary>The number of bytes before the length.</summary>
    public int Offset { get; init; }

    /// <summary>Whether the low byte of the length comes first.</summary>
    public bool IsLittleEndian { get; init; }

    /// <summary>What is to be added to the length for it to be the number of bytes that follow it.</summary>
    public int Adjustment { get; init; }

    /// <summary>The number of bytes from the beginning that are no part of the message; those of the length by default.</summary>
    public int Strip { get; init; } = Size;

    private int Header => Offset + Size;

    private long Longest => Size == sizeof(long) ? long.MaxValue : (1L << (8 * Size)) - 1;

    public override InvalidMessageException? Refuse(byte[] message)
    {
        if (Strip + message.Length < Header || LengthFor(message) < 0)
            return new InvalidMessageException(CloseReason.InvalidMessage, $"The message has too few bytes for its header: {message.Length}.");
        return LengthFor(message) > Longest
            ? new MessageTooLongException(CloseReason.MessageTooLong, (int)(Longest + Header + Adjustment - Strip))
            : null;
    }

    public override int Write(IBufferWriter<byte> output, byte[] message)
    {
        if (Refuse(message) is { } error)
            throw error;
        Span<byte> frame = output.GetSpan(Strip + message.Length);
        frame[..Strip].Clear();
        message.CopyTo(frame[Strip..]);
        WriteLength(frame.Slice(Offset, Size), LengthFor(message));
        output.Advance(Strip + message.Length);
        return 1;
    }

    private protected override FrameBounds? Find(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header)
            return null;
        ulong length = ReadLength(bytes.Slice(Offset, Size));
        if (length > (ulong)MaxMessageLength + int.MaxValue)
            throw TooLong();
        long end = Header + (long)length + Adjustment;
        return end < Math.Max(Header, Strip)
            ? throw new InvalidMessageException(CloseReason.InvalidMessage, $"The received length {length} is less than that of its header.")
            : Bounds(Strip, end - Strip);
    }

    private long LengthFor(byte[] message) => (long)Strip + message.Length - Header - Adjustment;

    private ulong ReadLength(ReadOnlySpan<byte> field)
    {
        ulong length = 0;
        for (int i = 0; i < field.Length; i++)
            length = (length << 8) | field[IsLittleEndian ? field.Length - 1 - i : i];
        return length;
    }

    private void WriteLength(Span<byte> field, long length)
    {
        for (int i = 0; i < field.Length; i++, length >>= 8)
            field[IsLittleEndian ? i : field.Length - 1 - i] = (byte)length;
    }
}
