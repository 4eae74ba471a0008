namespace TwistedPS.Engine.Streams;

/// <summary>Received messages that wait to be taken: those of a client, or of a connection that has an inbox.</summary>
/// <typeparam name="TMessage">The type of a message: a string for lines, bytes for data.</typeparam>
internal interface IMessageSource<TMessage>
{
    Reactor Reactor { get; }

    /// <summary>The connection that they come from; of a client the current or last one, null before the first.</summary>
    Connection? Connection { get; }

    /// <summary>Whether messages wait in it instead of going to a handler.</summary>
    bool IsQueued { get; }

    /// <summary>Dequeues a message that has arrived. From any thread.</summary>
    bool TryReceive(out TMessage message);

    /// <returns>False if there is no message and none will come.</returns>
    Task<bool> WaitForMessageAsync(CancellationToken cancel);
}
