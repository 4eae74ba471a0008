using System.Globalization;
using System.Text;

namespace TwistedPS.Engine.Policies;

/// <summary>Bytes as people look at them: 16 in a line, as their offset, hexadecimal numbers, and text.</summary>
internal static class HexDump
{
    private const int PerLine = 16;
    private const string Digits = "0123456789abcdef";

    /// <summary>Appends lines, with line breaks between them, and before the first if there is text already.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="offset">The offset of the first one.</param>
    public static void Append(StringBuilder text, ReadOnlySpan<byte> bytes, long offset)
    {
        for (; !bytes.IsEmpty; offset += PerLine)
        {
            int count = Math.Min(bytes.Length, PerLine);
            if (text.Length > 0)
                text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"{offset:x8} ");
            AppendLine(text, bytes[..count]);
            bytes = bytes[count..];
        }
    }

    private static void AppendLine(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        // As hexdump -C has it: three places for a byte, one between the halves, two before the text, which is between bars.
        Span<char> line = stackalloc char[(3 * PerLine) + 5 + PerLine];
        line.Fill(' ');
        int textAt = (3 * PerLine) + 4;
        line[textAt - 1] = '|';
        for (int i = 0; i < bytes.Length; i++)
        {
            int at = 1 + (3 * i) + (i < PerLine / 2 ? 0 : 1);
            (line[at], line[at + 1]) = (Digits[bytes[i] >> 4], Digits[bytes[i] & 15]);
            line[textAt + i] = bytes[i] is >= 0x20 and < 0x7F ? (char)bytes[i] : '.';
        }

        line[textAt + bytes.Length] = '|';
        text.Append(line[..(textAt + bytes.Length + 1)]);
    }
}
