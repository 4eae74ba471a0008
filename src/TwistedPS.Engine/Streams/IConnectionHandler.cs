namespace TwistedPS.Engine.Streams;

/// <summary>
/// The handlers of a connection's events; the module implements them with scriptblocks. Called on the reactor's thread,
/// never nested. An exception closes the connection with <see cref="CloseReason.HandlerError"/>.
/// </summary>
internal interface IConnectionHandler
{
    void Connected(Connection connection);

    /// <summary>
    /// Called when the peer has ended sending (Twisted's <c>readConnectionLost</c>), only where connections may stay
    /// half-open.
    /// </summary>
    void ReadEnded(Connection connection);

    /// <summary>Called when output that was over the limit has drained (<c>resumeProducing</c>).</summary>
    void Drained(Connection connection)
    {
    }

    void Disconnected(Connection connection, CloseReason reason);
}

/// <summary>The handlers of a connection's events and messages.</summary>
/// <typeparam name="TMessage">The type of a message: a string for lines, bytes for data.</typeparam>
internal interface IConnectionHandler<TMessage> : IConnectionHandler
{
    void Received(Connection connection, TMessage message);

    /// <summary>Handles all messages that have arrived, each in a call of its own.</summary>
    void Received(Connection connection, MessageBatch<TMessage> messages)
    {
        while (messages.NextCall())
            Received(connection, messages.Current);
    }
}
