using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.Streams;

/// <summary>Received messages that wait to be taken: those of a client, or of a connection that has an inbox.</summary>
/// <typeparam name="TMessage">The type of a message: a string for lines, bytes for data.</typeparam>
internal interface IMessageSource<TMessage>
{
    Reactor Reactor { get; }

    /// <summary>The client that receives them; null for a connection of a server.</summary>
    Client? Client { get; }

    /// <summary>The connection that they come from; of a client the current or last one, null before the first.</summary>
    Connection? Connection { get; }

    /// <summary>The wire format of the messages.</summary>
    IMessageFormat<TMessage> Format { get; }

    /// <summary>Whether messages wait in it instead of going to a handler.</summary>
    bool IsQueued { get; }

    /// <summary>Dequeues a message that has arrived. From any thread.</summary>
    bool TryReceive(out TMessage message);

    /// <summary>Puts a message back that was received and not used: it is the next to be received.</summary>
    void Return(TMessage message);

    /// <returns>False if there is no message and none will come.</returns>
    Task<bool> WaitForMessageAsync(CancellationToken cancel);
}
