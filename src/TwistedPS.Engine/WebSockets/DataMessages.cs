using System.Buffers;
using System.Net.WebSockets;
using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.WebSockets;

/// <summary>
/// A stream of bytes in binary messages, whose boundaries mean nothing. The text of a message is its bytes in UTF-8.
/// </summary>
internal sealed class DataMessages : IWebSocketMessages
{
    private const int LongestSent = 65536;

    public WebSocketMessageType Type => WebSocketMessageType.Binary;

    public bool Accepts(WebSocketMessageType type) => true;

    public void Receive(ReadOnlySpan<byte> part, bool isLast, PooledBuffer stream) => stream.Write(part);

    public int Cut(ReadOnlySpan<byte> stream, PooledBuffer message)
    {
        int length = Math.Min(stream.Length, LongestSent);
        message.Write(stream[..length]);
        return length;
    }
}
