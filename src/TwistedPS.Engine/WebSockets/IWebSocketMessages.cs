using System.Net.WebSockets;
using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.WebSockets;

/// <summary>The messages of a WebSocket as the bytes of a stream, both ways. Each WebSocket has its own.</summary>
internal interface IWebSocketMessages
{
    /// <summary>The type of the messages that are sent.</summary>
    WebSocketMessageType Type { get; }

    /// <summary>Whether messages of a type may be received.</summary>
    bool Accepts(WebSocketMessageType type);

    /// <summary>Adds a part of a received message to the stream.</summary>
    /// <param name="part">The part; of a text in UTF-8, and not always whole characters.</param>
    /// <param name="isLast">Whether the message ends with it.</param>
    /// <param name="stream">The stream.</param>
    void Receive(ReadOnlySpan<byte> part, bool isLast, PooledBuffer stream);

    /// <summary>Cuts the next message to send from the front of the stream; at its end, what is there is one.</summary>
    /// <param name="stream">The bytes of the stream, at least one.</param>
    /// <param name="message">The message.</param>
    /// <returns>The number of bytes that the message was cut from.</returns>
    int Cut(ReadOnlySpan<byte> stream, PooledBuffer message);
}
