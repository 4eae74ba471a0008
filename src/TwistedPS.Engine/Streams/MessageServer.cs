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
}
