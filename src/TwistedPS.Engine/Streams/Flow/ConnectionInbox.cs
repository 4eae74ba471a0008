using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The messages of a connection that wait for a conversation, which takes them on a thread of its own. At the limit of its
/// size the connection is not read, until half of it is taken. It ends when the peer ends sending, or the connection closes.
/// </summary>
/// <typeparam name="TMessage">The type of a message: a string for lines, bytes for data.</typeparam>
internal sealed class ConnectionInbox<TMessage> : IMessageSource<TMessage>
{
    /// <summary>The size in bytes at which the connection is paused.</summary>
    public const long Limit = 64 * 1024;

    private readonly MessageConnection<TMessage> _connection;
    private readonly ReceiveQueue<TMessage> _messages;

    public ConnectionInbox(MessageConnection<TMessage> connection)
    {
        _connection = connection;
        _messages = new ReceiveQueue<TMessage>(
            connection.Format.SizeOf,
            full: () => OnProducer(producer => producer.Pause(this)),
            drained: () => OnProducer(producer => producer.Resume(this)),
            Limit);
        connection.Closing += Complete;
        connection.Ended += Complete;
    }

    public Reactor Reactor => _connection.Owner.Reactor;

    public Client? Client => null;

    public Connection Connection => _connection;

    public IMessageFormat<TMessage> Format => _connection.Format;

    public bool IsQueued => true;

    /// <summary>The number of messages that wait.</summary>
    public int Count => _messages.Count;

    /// <summary>Adds a message. On the reactor's thread only.</summary>
    public void Add(TMessage message) => _messages.Add(message);

    public bool TryReceive(out TMessage message) => _messages.TryDequeue(out message);

    public void Return(TMessage message) => _messages.Return(message);

    public Task<bool> WaitForMessageAsync(CancellationToken cancel) => _messages.WaitAsync(cancel).AsTask();

    /// <summary>Marks it as complete: what waits can still be taken.</summary>
    public void Complete() => _messages.Complete();

    private void OnProducer(Action<IProducer> act) => Reactor.Do(() => act(_connection.Producer));
}
