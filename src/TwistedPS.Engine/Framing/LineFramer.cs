using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>A framer for lines (Twisted's <c>LineReceiver</c>).</summary>
internal sealed class LineFramer : IFramer<string>
{
    private readonly TextDecoder _decoder;
    private readonly ILineSearch _search;
    private readonly byte[] _mark;
    private readonly int _maxLength;
    private bool _isFirst = true;

    /// <param name="delimiter">The delimiter of the lines.</param>
    /// <param name="encoding">The encoding of the lines.</param>
    /// <param name="maxLength">The longest line in bytes, without its delimiter.</param>
    /// <param name="mayBeTelnet">Whether commands of telnet may be among the text, where it has no such bytes.</param>
    public LineFramer(LineDelimiter delimiter, Encoding encoding, int maxLength, bool mayBeTelnet = false)
    {
        _decoder = new TextDecoder(encoding);
        _search = mayBeTelnet && TelnetSearch.Fits(delimiter, encoding) ? new TelnetSearch() : new DelimiterSearch(delimiter, encoding);
        _mark = MarkOf(encoding);
        _maxLength = maxLength;
    }

    /// <summary>The number of bytes so far that were not valid in the encoding.</summary>
    public long InvalidBytes => _decoder.InvalidBytes;

    public bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out string message)
    {
        ReadOnlySpan<byte> bytes = buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray();
        int start = LengthOfMark(bytes);
        if (_search.Find(bytes) is not { } end)
        {
            Check(bytes.Length - start - _search.LengthBegun(bytes));
            (consumed, message) = (buffer.Start, "");
            return false;
        }

        Check(end.Length - start);
        _isFirst = false;
        consumed = buffer.GetPosition(end.Next);
        message = Decode(bytes[start..end.Length], end.HasCommands);
        return true;
    }

    public void Reset()
    {
        _isFirst = true;
        _search.Reset();
    }

    public string ReadCutOff(in ReadOnlySequence<byte> rest)
    {
        ReadOnlySpan<byte> bytes = rest.ToArray();
        ReadOnlySpan<byte> line = _search.CutOff(bytes);
        return Decode(line[LengthOfMark(bytes)..], hasCommands: _search is TelnetSearch);
    }

    private string Decode(ReadOnlySpan<byte> line, bool hasCommands) =>
        _decoder.Decode(hasCommands ? TelnetCommands.Remove(line) : line);

    private void Check(int length)
    {
        if (length > _maxLength)
            throw new MessageTooLongException(CloseReason.LineTooLong, _maxLength);
    }

    private int LengthOfMark(ReadOnlySpan<byte> bytes) => _isFirst && bytes.StartsWith(_mark) ? _mark.Length : 0;

    /// <summary>Returns the byte order mark of an encoding, whether it writes one or not; none if it has none.</summary>
    private static byte[] MarkOf(Encoding encoding)
    {
        const string Mark = "\uFEFF";
        byte[] bytes = encoding.GetBytes(Mark);
        return encoding.GetString(bytes) == Mark ? bytes : [];
    }
}
