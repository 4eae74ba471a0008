using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>A text as bytes, to be found where characters of its encoding begin.</summary>
internal sealed class EncodedDelimiter(string text, Encoding encoding)
{
    private readonly byte[] _bytes = encoding.GetBytes(text);

    /// <summary>The size of a unit of its encoding in bytes: a character of UTF-16 may begin with the second byte of a line feed.</summary>
    public int UnitLength { get; } = encoding.GetByteCount("\n");

    public int Length => _bytes.Length;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Returns the offset of the first one at or after an offset; -1 if there is none.</summary>
    public int IndexIn(ReadOnlySpan<byte> bytes, int from)
    {
        for (int at = from; ; at++)
        {
            int found = bytes[at..].IndexOf(_bytes);
            if (found < 0)
                return -1;
            at += found;
            if (at % UnitLength == 0)
                return at;
        }
    }

    /// <summary>Counts the bytes at the end that may belong to one.</summary>
    public int LengthBegun(ReadOnlySpan<byte> bytes)
    {
        for (int length = Math.Min(Length - 1, bytes.Length); length > 0; length--)
        {
            if (bytes.EndsWith(_bytes.AsSpan(0, length)))
                return length;
        }

        return 0;
    }
}
