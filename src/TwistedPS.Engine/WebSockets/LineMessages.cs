using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Unicode;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.WebSockets;

/// <summary>
/// Lines in text messages, each in one. A message that has the delimiter in it is several lines, as it would be from any
/// peer, so that no handler gets a line with line breaks in it.
/// </summary>
internal sealed class LineMessages : IWebSocketMessages
{
    private const int CodePageUtf8 = 65001;

    private readonly Encoding _encoding;
    private readonly byte[] _delimiter;
    private readonly DelimiterSearch _ends;
    private readonly TextDecoder _sent;
    private readonly Decoder _received = Encoding.UTF8.GetDecoder();

    public LineMessages(LineFormat format)
    {
        _encoding = format.Encoding;
        _delimiter = _encoding.GetBytes(format.Delimiter.Text);
        _ends = new DelimiterSearch(format.Delimiter, _encoding);
        _sent = new TextDecoder(_encoding);
    }

    public WebSocketMessageType Type => WebSocketMessageType.Text;

    private bool IsUtf8 => _encoding.CodePage == CodePageUtf8;

    public bool Accepts(WebSocketMessageType type) => type == WebSocketMessageType.Text;

    public void Receive(ReadOnlySpan<byte> part, bool isLast, PooledBuffer stream)
    {
        if (IsUtf8)
            stream.Write(part);
        else
            Transcode(part, isLast, stream);
        if (isLast)
            stream.Write(_delimiter);
    }

    public int Cut(ReadOnlySpan<byte> stream, PooledBuffer message)
    {
        if (_ends.Find(stream) is { } end)
        {
            WriteText(stream[..end.Length], message);
            return end.Next;
        }

        _ends.Reset();
        WriteText(stream, message);
        return stream.Length;
    }

    /// <summary>Writes text in UTF-8: a browser would end the connection for anything else.</summary>
    private void WriteText(ReadOnlySpan<byte> line, PooledBuffer message)
    {
        if (IsUtf8 && Utf8.IsValid(line))
            message.Write(line);
        else
            Encoding.UTF8.GetBytes(_sent.Decode(line), message);
    }

    private void Transcode(ReadOnlySpan<byte> part, bool isLast, PooledBuffer stream)
    {
        char[] chars = BoundedPool<char>.Rent(Encoding.UTF8.GetMaxCharCount(part.Length));
        try
        {
            int count = _received.GetChars(part, chars, flush: isLast);
            _encoding.GetBytes(chars.AsSpan(0, count), stream);
        }
        finally
        {
            BoundedPool<char>.Return(chars);
        }
    }
}
