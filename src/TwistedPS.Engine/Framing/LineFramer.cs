using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>A framer for lines (Twisted's <c>LineReceiver</c>).</summary>
internal sealed class LineFramer : IFramer<string>
{
    private const byte CR = (byte)'\r';

    private readonly TextDecoder _decoder;
    private readonly byte[] _delimiter;
    private readonly bool _stripsCR;
    private readonly int _maxLength;
    private long _searched;

    /// <param name="delimiter">The delimiter of the lines.</param>
    /// <param name="encoding">The encoding of the lines.</param>
    /// <param name="maxLength">The longest line in bytes, without its delimiter.</param>
    public LineFramer(LineDelimiter delimiter, Encoding encoding, int maxLength)
    {
        _decoder = new TextDecoder(encoding);
        _stripsCR = delimiter.AcceptsLfAlone;
        _delimiter = _stripsCR ? LineDelimiter.LF.GetBytes(encoding) : delimiter.GetBytes(encoding);
        _maxLength = maxLength;
    }

    /// <summary>The number of bytes so far that were not valid in the encoding.</summary>
    public long InvalidBytes => _decoder.InvalidBytes;

    public bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out string message)
    {
        long length = Find(buffer);
        if (length < 0)
        {
            if (buffer.Length - LengthOfDelimiterBegun(buffer) > _maxLength)
                throw new MessageTooLongException(CloseReason.LineTooLong, _maxLength);
            _searched = Math.Max(0, buffer.Length - (_delimiter.Length - 1));
            (consumed, message) = (buffer.Start, "");
            return false;
        }

        _searched = 0;
        consumed = buffer.GetPosition(length + _delimiter.Length);
        ReadOnlySequence<byte> line = WithoutCR(buffer.Slice(0, length));
        if (line.Length > _maxLength)
            throw new MessageTooLongException(CloseReason.LineTooLong, _maxLength);
        message = _decoder.Decode(line);
        return true;
    }

    public string ReadCutOff(in ReadOnlySequence<byte> rest) => _decoder.Decode(WithoutCR(rest));

    /// <returns>The offset of the delimiter from the start of the buffer; -1 if there is none.</returns>
    private long Find(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsSingleSegment)
        {
            int found = buffer.FirstSpan[(int)_searched..].IndexOf(_delimiter);
            return found < 0 ? -1 : _searched + found;
        }

        var reader = new SequenceReader<byte>(buffer);
        reader.Advance(_searched);
        return reader.TryReadTo(out ReadOnlySequence<byte> _, _delimiter) ? reader.Consumed - _delimiter.Length : -1;
    }

    private ReadOnlySequence<byte> WithoutCR(in ReadOnlySequence<byte> line) =>
        _stripsCR && EndsInCR(line) ? line.Slice(0, line.Length - 1) : line;

    private static bool EndsInCR(in ReadOnlySequence<byte> line) =>
        !line.IsEmpty && line.Slice(line.Length - 1).FirstSpan[0] == CR;

    /// <summary>Counts the bytes at the end that may belong to the delimiter, and so aren't part of the length.</summary>
    private int LengthOfDelimiterBegun(in ReadOnlySequence<byte> buffer)
    {
        if (_stripsCR)
            return EndsInCR(buffer) ? 1 : 0;

        Span<byte> tail = stackalloc byte[Math.Min(_delimiter.Length - 1, 256)];
        tail = tail[..(int)Math.Min(tail.Length, buffer.Length)];
        buffer.Slice(buffer.Length - tail.Length).CopyTo(tail);
        for (int length = tail.Length; length > 0; length--)
        {
            if (tail[^length..].SequenceEqual(_delimiter.AsSpan(0, length)))
                return length;
        }

        return 0;
    }
}
