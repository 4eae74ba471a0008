using System.Buffers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;

namespace TwistedPS;

/// <summary>A server that sends messages of a kind.</summary>
/// <typeparam name="TMessage">The type of a message: a string for lines, bytes for data.</typeparam>
public abstract class MessageServer<TMessage> : Server
{
    private protected MessageServer(
        Reactor reactor, ServerOptions options, IMessageFormat<TMessage> format, IServerHandler handler, int id, string onMessage)
        : base(reactor, options, handler, id, onMessage) => Format = format;

    internal IMessageFormat<TMessage> Format { get; }

    /// <summary>Sends a message to some connections. A peer that doesn't keep up is dropped. Does not wait.</summary>
    /// <param name="message">The message.</param>
    /// <param name="receivers">Returns its receivers, on the reactor's thread.</param>
    internal void Broadcast(TMessage message, Func<IEnumerable<Connection>> receivers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        int count = Format.Write(buffer, message);
        void SendToAll()
        {
            foreach (MessageConnection<TMessage> connection in receivers())
                connection.Broadcast(buffer.WrittenSpan, count);
        }

        Reactor.Do(SendToAll);
    }
}
