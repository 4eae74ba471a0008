using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>A framer for lines (Twisted's <c>LineReceiver</c>).</summary>
internal sealed class LineFramer : ISkippingFramer<string>
{
    private readonly TextDecoder _decoder;
    private readonly ILineSearch _search;
    private readonly byte[] _mark;
    private readonly int _maxLength;
    private bool _isFirst = true;
    private LinePrompt? _last;

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

    /// <summary>The text that is a line even without an end; null for none.</summary>
    public LinePrompt? Prompt { get; set; }

    public bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out string message)
    {
        ReadOnlySpan<byte> bytes = buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray();
        if (_last is not null && _search.Find(bytes) is { } first)
        {
            // The end of a line that was a prompt has come after all, and makes no empty line.
            _last = null;
            if (first.Length == 0)
                return TryRead(buffer.Slice(first.Next), out consumed, out message);
        }

        int start = LengthOfMark(bytes);
        if (_search.Find(bytes) is not { } end)
        {
            Check(bytes.Length - start - _search.LengthBegun(bytes));
            bool isPrompt = TryReadPrompt(bytes[start..], out message);
            consumed = isPrompt ? buffer.End : buffer.Start;
            return isPrompt;
        }

        Check(end.Length - start);
        _isFirst = false;
        consumed = buffer.GetPosition(end.Next);
        message = Decode(bytes[start..end.Length], end.HasCommands);
        return true;
    }

    public string ReadBeginning(ReadOnlySpan<byte> bytes)
    {
        int start = LengthOfMark(bytes);
        return DecodeBeginning(bytes[start..Math.Min(bytes.Length, start + _maxLength)]);
    }

    public bool TrySkip(ReadOnlySpan<byte> bytes, out int skipped)
    {
        _isFirst = false;
        if (_search.Find(bytes) is { } end)
        {
            skipped = end.Next;
            return true;
        }

        skipped = _search.Forget(bytes);
        if (bytes.Length - skipped <= _maxLength + _search.LengthBegun(bytes))
            return false;

        // A command of telnet that never ends.
        skipped = bytes.Length;
        _search.Reset();
        return false;
    }

    public void Leave()
    {
        _isFirst = false;
        _search.Reset();
    }

    public void Reset()
    {
        _isFirst = true;
        _last = null;
        _search.Reset();
    }

    /// <summary>Notes that something was sent: an empty line that comes now is a reply to it, and no end of a prompt.</summary>
    public void NoteSent()
    {
        // What does not end with a blank may be a line, whose end is still on its way.
        if (_last?.EndsWithBlank == true)
            _last = null;
    }

    public string ReadCutOff(in ReadOnlySequence<byte> rest)
    {
        ReadOnlySpan<byte> bytes = rest.ToArray();
        ReadOnlySpan<byte> line = _search.CutOff(bytes);
        return Decode(line[LengthOfMark(bytes)..], hasCommands: _search is TelnetSearch);
    }

    private string Decode(ReadOnlySpan<byte> line, bool hasCommands) =>
        _decoder.Decode(hasCommands ? TelnetCommands.Remove(line) : line);

    private string DecodeBeginning(ReadOnlySpan<byte> line) =>
        _decoder.DecodeBeginning(_search is TelnetSearch ? TelnetCommands.Remove(line) : line);

    private bool TryReadPrompt(ReadOnlySpan<byte> begun, out string message)
    {
        message = Prompt?.MayEnd(begun) == true ? DecodeBeginning(begun) : "";
        if (message.Length == 0 || !Prompt!.TryAccept(message))
            return false;
        Leave();
        _last = Prompt;
        return true;
    }

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
