using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>An encoder of lines (<c>LineReceiver.sendLine</c>).</summary>
internal sealed class LineWriter(LineDelimiter delimiter, Encoding encoding)
{
    private readonly EncodedDelimiter _delimiter = new(delimiter.Text, encoding);

    /// <summary>Writes text as a line, or as several if it has line breaks and they are what ends lines.</summary>
    /// <returns>The number of lines written.</returns>
    /// <exception cref="InvalidMessageException">The delimiter is in the text.</exception>
    public int Write(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        if (!delimiter.SplitsText)
        {
            WriteLine(output, text);
            return 1;
        }

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

    /// <summary>Returns the error of text that would arrive as something else; null if it can be sent.</summary>
    public InvalidMessageException? Refuse(string text)
    {
        if (delimiter.SplitsText || text.Length == 0)
            return null;
        return RefuseEnded([.. encoding.GetBytes(text), .. _delimiter.Bytes]);
    }

    private static int LengthOfBreak(ReadOnlySpan<char> text, int at) => text[at..].StartsWith("\r\n") ? 2 : 1;

    private void WriteLine(IBufferWriter<byte> output, ReadOnlySpan<char> line)
    {
        Span<byte> span = output.GetSpan(encoding.GetMaxByteCount(line.Length) + _delimiter.Length);
        int count = encoding.GetBytes(line, span);
        _delimiter.Bytes.CopyTo(span[count..]);
        int length = count + _delimiter.Length;
        if (!delimiter.SplitsText && RefuseEnded(span[..length]) is { } error)
            throw error;
        output.Advance(length);
    }

    // The end of the text may be the beginning of the delimiter, so that it would be found too early.
    private InvalidMessageException? RefuseEnded(ReadOnlySpan<byte> ended) => _delimiter.IndexIn(ended, 0) == ended.Length - _delimiter.Length
        ? null
        : new InvalidMessageException(CloseReason.InvalidMessage, $"The text has the delimiter '{delimiter}' in it, so it can't be sent as one line.")
        {
            IsOfDelimiter = true,
        };
}
