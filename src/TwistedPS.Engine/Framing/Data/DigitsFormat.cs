using System.Buffers;
using System.Buffers.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>The format of bytes after their length in decimal digits.</summary>
/// <param name="AfterLength">The byte after the length.</param>
/// <param name="Name">What it is, as errors say it.</param>
internal abstract record DigitsFormat(byte AfterLength, string Name) : SizedFormat
{
    private const int MostDigits = 10;

    /// <summary>The bytes after each message.</summary>
    private protected virtual ReadOnlySpan<byte> Trailer => [];

    public override int Write(IBufferWriter<byte> output, byte[] message)
    {
        Span<byte> span = output.GetSpan(MostDigits + 1 + message.Length + Trailer.Length);
        Utf8Formatter.TryFormat(message.Length, span, out int digits);
        span[digits] = AfterLength;
        message.CopyTo(span[(digits + 1)..]);
        int length = digits + 1 + message.Length;
        Trailer.CopyTo(span[length..]);
        output.Advance(length + Trailer.Length);
        return 1;
    }

    private protected override FrameBounds? Find(ReadOnlySpan<byte> bytes)
    {
        int length = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] == AfterLength && at > 0)
                return Bounds(at + 1, length, Trailer.Length);
            if (!char.IsAsciiDigit((char)bytes[at]) || (at == 1 && length == 0))
                throw Not("it does not begin with its length");
            long longer = (length * 10L) + (bytes[at] - '0');
            if (longer > MaxMessageLength)
                throw TooLong();
            length = (int)longer;
        }

        return null;
    }

    private protected InvalidMessageException Not(string why) =>
        new(CloseReason.InvalidMessage, $"The received data is not {Name}: {why}.");
}
