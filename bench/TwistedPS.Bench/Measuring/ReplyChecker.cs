using System.Text;

namespace TwistedPS.Bench;

/// <summary>A checker of the data of one connection, however split, against the replies of its script.</summary>
internal sealed class ReplyChecker(Script script, int firstLine)
{
    private int _line = firstLine;
    private int _position = script.ReplyStart(firstLine);

    /// <param name="received">The next bytes of the connection.</param>
    /// <param name="awaited">The number of lines in flight, including one received in part.</param>
    /// <returns>The number of lines completed.</returns>
    /// <exception cref="WrongReplyException">A byte differs, or there are more than requested.</exception>
    public int Check(ReadOnlySpan<byte> received, int awaited)
    {
        ReadOnlySpan<byte> expected = script.Replies[_position..script.ReplyStart(_line + awaited)];
        if (received.Length > expected.Length)
            throw new WrongReplyException($"Nothing more was to come: {Show(received[expected.Length..])}");
        if (!expected.StartsWith(received))
            throw new WrongReplyException(Difference(received, expected));

        _position += received.Length;
        int first = _line;
        while (_position >= script.ReplyStart(_line + 1))
            _line++;
        int lines = _line - first;
        if (_line >= script.Count)
        {
            _line -= script.Count;
            _position -= script.ReplyLength;
        }

        return lines;
    }

    private static string Difference(ReadOnlySpan<byte> received, ReadOnlySpan<byte> expected)
    {
        int same = received.CommonPrefixLength(expected);
        return $"Instead of {Show(expected[same..])} came {Show(received[same..])}";
    }

    private static string Show(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 40)]);
        return $"'{text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'";
    }
}
