namespace TwistedPS.Scripting;

/// <summary>The conversations of a server, each with a worker of its own; too many of them wait for their turn.</summary>
/// <typeparam name="TMessage">Lines are strings; data are bytes.</typeparam>
/// <param name="session">The session of the workers.</param>
/// <param name="script">The script of each conversation.</param>
/// <param name="limit">The largest number of conversations at once.</param>
/// <param name="tellQueued">Tells a peer that it has to wait.</param>
internal sealed class Conversations<TMessage>(
    Session session, ConversationScript script, int limit, Action<MessageConnection<TMessage>> tellQueued)
{
    private readonly WorkerPool _workers = new(session) { Limit = limit, Name = "TwistedPS conversation" };

    /// <summary>Begins one, if the connection is still open. On the reactor's thread only.</summary>
    public void Begin(ConnectionRecipient<TMessage> recipient)
    {
        var connection = (MessageConnection<TMessage>)recipient.Connection;
        if (connection.Status == ConnectionStatus.Open && !new ConnectionConversation<TMessage>(script, _workers, recipient).Begin())
            tellQueued(connection);
    }

    /// <summary>Ends all of them and their workers. Completes when they have ended, or can't be.</summary>
    public Task End() => Task.Run(_workers.Stop);
}
