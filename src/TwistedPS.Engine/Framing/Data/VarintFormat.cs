using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>The format of bytes after their length as a varint: see <see cref="DataFraming.Varint"/>.</summary>
internal sealed record VarintFormat : SizedFormat
{
    private const int MostBytes = 10;
    private const int BitsOfByte = 7;
    private const int Continues = 1 << BitsOfByte;

    public override int Write(IBufferWriter<byte> output, byte[] message)
    {
        Span<byte> span = output.GetSpan(MostBytes + message.Length);
        int at = 0;
        for (uint rest = (uint)message.Length; ; rest >>= BitsOfByte)
        {
            span[at++] = (byte)(rest < Continues ? rest : rest | Continues);
            if (rest < Continues)
                break;
        }

        message.CopyTo(span[at..]);
        output.Advance(at + message.Length);
        return 1;
    }

    private protected override FrameBounds? Find(ReadOnlySpan<byte> bytes)
    {
        long length = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            int shift = at * BitsOfByte;
            long part = bytes[at] & (Continues - 1);

            // What fits into the limit can't overflow.
            if (part > (long)MaxMessageLength >> shift || (length |= part << shift) > MaxMessageLength)
                throw TooLong();
            if (bytes[at] < Continues)
                return Bounds(at + 1, length);
            if (at + 1 == MostBytes)
                throw new InvalidMessageException(CloseReason.InvalidMessage, $"The received length has more than {MostBytes} bytes.");
        }

        return null;
    }
}
