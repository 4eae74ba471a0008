using System.Buffers;
using System.Text;
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

    internal override Encoding Encoding => Format.Encoding;

    /// <summary>Returns a text as a message.</summary>
    private protected abstract TMessage ToMessage(string text);

    private protected override ReadOnlyMemory<byte> Encode(string text)
    {
        TMessage message = ToMessage(text);
        if (Format.Refuse(message) is { } error)
            throw error;
        var buffer = new ArrayBufferWriter<byte>();
        Format.Write(buffer, message);
        return buffer.WrittenMemory;
    }
}
