namespace TwistedPS.Engine.Streams;

/// <summary>
/// What a protocol does with the events of its connections; the module implements it with scriptblocks. Called on the
/// reactor's thread, never nested. What it throws closes the connection with <see cref="CloseReason.HandlerError"/>.
/// </summary>
internal interface IConnectionHandler
{
    void Connected(Connection connection);

    /// <summary>
    /// The peer will send nothing more (Twisted's <c>readConnectionLost</c>). Called only where connections may stay half-open.
    /// </summary>
    void ReadEnded(Connection connection);

    void Disconnected(Connection connection, CloseReason reason);
}

/// <summary>And with its messages.</summary>
/// <typeparam name="TMessage">Lines are strings; data are bytes.</typeparam>
internal interface IConnectionHandler<TMessage> : IConnectionHandler
{
    void Received(Connection connection, TMessage message);

    /// <summary>Handles all messages that are there, each in a call of its own.</summary>
    void Received(Connection connection, MessageBatch<TMessage> messages)
    {
        while (messages.NextCall())
            Received(connection, messages.Current);
    }
}
