using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>The bytes that end a message. Those of a text are found where characters of its encoding begin.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="unit">The size of the smallest character.</param>
internal sealed class EncodedDelimiter(byte[] bytes, int unit = 1)
{
    // A character of UTF-16 may begin with the second byte of a line feed.
    public EncodedDelimiter(string text, Encoding encoding)
        : this(encoding.GetBytes(text), encoding.GetByteCount("\n"))
    {
    }

    /// <summary>The size of a unit of its encoding in bytes.</summary>
    public int UnitLength => unit;

    public int Length => bytes.Length;

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Returns the offset of the first one at or after an offset; -1 if there is none.</summary>
    public int IndexIn(ReadOnlySpan<byte> received, int from)
    {
        for (int at = from; ; at++)
        {
            int found = received[at..].IndexOf(bytes);
            if (found < 0)
                return -1;
            at += found;
            if (at % unit == 0)
                return at;
        }
    }

    /// <summary>Counts the bytes at the end that may belong to one.</summary>
    public int LengthBegun(ReadOnlySpan<byte> received)
    {
        for (int length = Math.Min(Length - 1, received.Length); length > 0; length--)
        {
            if (received.EndsWith(bytes.AsSpan(0, length)))
                return length;
        }

        return 0;
    }
}
