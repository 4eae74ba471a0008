using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>An encoder of lines (<c>LineReceiver.sendLine</c>).</summary>
internal sealed class LineWriter(LineDelimiter delimiter, Encoding encoding)
{
    private readonly byte[] _delimiter = delimiter.GetBytes(encoding);

    /// <summary>Writes text as a line, or as several if it has line breaks.</summary>
    /// <returns>The number of lines written.</returns>
    public int Write(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        int lines = 0;
        do
        {
            int end = text.IndexOfAny('\r', '\n');
            WriteLine(output, end < 0 ? text : text[..end]);
            lines++;
            text = end < 0 ? default : text[(end + LengthOfBreak(text, end))..];
        }
        while (!text.IsEmpty);
        return lines;
    }

    private static int LengthOfBreak(ReadOnlySpan<char> text, int at) => text[at..].StartsWith("\r\n") ? 2 : 1;

    private void WriteLine(IBufferWriter<byte> output, ReadOnlySpan<char> line)
    {
        Span<byte> span = output.GetSpan(encoding.GetMaxByteCount(line.Length) + _delimiter.Length);
        int count = encoding.GetBytes(line, span);
        _delimiter.CopyTo(span[count..]);
        output.Advance(count + _delimiter.Length);
    }
}
