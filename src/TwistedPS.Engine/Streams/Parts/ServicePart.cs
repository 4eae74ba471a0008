namespace TwistedPS.Engine.Streams;

/// <summary>
/// The part of a server or client on one reactor: the handlers of its connections there, and the counts of what they have
/// carried. Written on the reactor's thread; the counts may be read from any.
/// </summary>
/// <param name="owner">The server or client.</param>
/// <param name="reactor">The reactor.</param>
/// <param name="handler">The handlers.</param>
internal class ServicePart(NetworkService owner, Reactor reactor, IConnectionHandler handler)
{
    private long _messagesIn;
    private long _messagesOut;

    public NetworkService Owner => owner;

    public Reactor Reactor => reactor;

    public IConnectionHandler ConnectionHandler { get; set; } = handler;

    public long MessagesIn => Volatile.Read(ref _messagesIn);

    public long MessagesOut => Volatile.Read(ref _messagesOut);

    public long MessagesTooLong { get; private set; }

    public long InvalidMessages { get; private set; }

    public long MessagesCutOff { get; private set; }

    public void MessageArrived() => Volatile.Write(ref _messagesIn, _messagesIn + 1);

    public void MessagesSent(int count) => Volatile.Write(ref _messagesOut, _messagesOut + count);

    public void MessageWasTooLong() => MessagesTooLong++;

    public void MessageWasInvalid(Connection connection, InvalidMessageException error)
    {
        if (error is MessageTooLongException)
            MessageWasTooLong();
        else
            InvalidMessages++;
        connection.Log(LogLevel.Warning, error.Message);
    }

    public void MessageWasCutOff(Connection connection, long length)
    {
        MessagesCutOff++;
        connection.Log(LogLevel.Debug, $"The stream ended in the middle of a message, after {length} bytes of it.");
    }
}
