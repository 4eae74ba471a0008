using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The messages of the connection that a client has or makes now: where it is lost, what it has not brought does not come from the
/// next one.
/// </summary>
/// <typeparam name="TMessage">The type of a message: a string for lines, bytes for data.</typeparam>
/// <param name="client">The client.</param>
/// <param name="messages">The messages of the connection.</param>
internal sealed class ReplySource<TMessage>(MessageClient<TMessage> client, ReceiveQueue<TMessage> messages) : IMessageSource<TMessage>
{
    public Reactor Reactor => client.Reactor;

    public Client? Client => client;

    public Connection? Connection => ((Client)client).Connection;

    public IMessageFormat<TMessage> Format => client.Format;

    public bool IsQueued => client.IsQueued;

    public bool TryReceive(out TMessage message) => messages.TryDequeue(out message);

    public void Return(TMessage message) => messages.Return(message);

    public Task<bool> WaitForMessageAsync(CancellationToken cancel) => messages.WaitAsync(cancel).AsTask();
}
