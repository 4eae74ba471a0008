using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The handlers of a connection's events; the module implements them with scriptblocks. Called on the reactor's thread,
/// never nested. An exception closes the connection with <see cref="CloseReason.HandlerError"/>.
/// </summary>
internal interface IConnectionHandler
{
    /// <summary>Whether bytes that are read in place of messages are handled (<c>rawDataReceived</c>).</summary>
    bool HandlesData => false;

    /// <summary>
    /// Whether messages that are too long are handled (<c>lineLengthExceeded</c>); otherwise they close the connection.
    /// </summary>
    bool HandlesTooLong => false;

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

    /// <summary>Handles bytes that are read in place of messages, unless these are bytes.</summary>
    void ReceivedData(Connection connection, byte[] data)
    {
    }

    /// <summary>Handles the beginning of a message that is too long.</summary>
    void ReceivedTooLong(Connection connection, TMessage beginning)
    {
    }

    /// <summary>Handles all that has arrived, each message in a call of its own.</summary>
    void Received(Connection connection, MessageBatch<TMessage> messages)
    {
        while (messages.NextCall())
        {
            if (messages.Kind == ArrivalKind.Data)
                ReceivedData(connection, messages.Data);
            else if (messages.Kind == ArrivalKind.TooLong)
                ReceivedTooLong(connection, messages.Current);
            else
                Received(connection, messages.Current);
        }
    }
}
