using System.Buffers;
using System.Text;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Transports;

namespace TwistedPS;

/// <summary>A client that receives messages of a kind.</summary>
/// <typeparam name="TMessage">The type of a message: a string for lines, bytes for data.</typeparam>
public abstract class MessageClient<TMessage> : Client, IMessageSource<TMessage>
{
    private ReceiveQueue<TMessage> _received;

    private protected MessageClient(
        Reactor reactor, ClientOptions options, IMessageFormat<TMessage> format, IClientHandler? handler, int id, string onMessage)
        : base(reactor, options, handler, id, onMessage)
    {
        Format = format;
        _received = NewQueue();
        EndReceiving();
    }

    internal IMessageFormat<TMessage> Format { get; }

    internal override Encoding Encoding => Format.Encoding;

    /// <summary>Whether messages wait in the queue instead of going to a handler.</summary>
    internal bool IsQueued { get; init; } = true;

    bool IMessageSource<TMessage>.IsQueued => IsQueued;

    Client? IMessageSource<TMessage>.Client => this;

    Connection? IMessageSource<TMessage>.Connection => Connection;

    IMessageFormat<TMessage> IMessageSource<TMessage>.Format => Format;

    /// <summary>
    /// Sends a message to the server; while the client is connecting, as soon as it is connected. An attempt to connect that
    /// fails adds an error to <see cref="Service.Errors"/>.
    /// </summary>
    /// <exception cref="NotConnectedException">It is neither connected nor connecting.</exception>
    /// <exception cref="SendBufferFullException">More than the limit of unsent bytes waits for the connection.</exception>
    /// <exception cref="InvalidMessageException">The framing can't carry the message: it is too long, or has the delimiter in it.</exception>
    public void Send(TMessage message)
    {
        if (Format.Refuse(message) is { } error)
            throw error;
        var buffer = new ArrayBufferWriter<byte>();
        int count = Format.Write(buffer, message);
        Output.Send(buffer.WrittenMemory, count);
    }

    /// <summary>The messages of the present connection, or of that which is being made. To be got before what they reply to is sent.</summary>
    internal IMessageSource<TMessage> Replies => new ReplySource<TMessage>(this, _received);

    private protected int WaitingMessages => _received.Count;

    /// <summary>Dequeues a message that has arrived.</summary>
    internal bool TryReceive(out TMessage message) => _received.TryDequeue(out message);

    bool IMessageSource<TMessage>.TryReceive(out TMessage message) => TryReceive(out message);

    Task<bool> IMessageSource<TMessage>.WaitForMessageAsync(CancellationToken cancel) => WaitForMessageAsync(cancel);

    /// <summary>Puts a message back that was received and not used.</summary>
    internal void Return(TMessage message) => _received.Return(message);

    void IMessageSource<TMessage>.Return(TMessage message) => Return(message);

    internal override void WriteQueued(IBufferWriter<byte> output)
    {
        while (TryReceive(out TMessage message))
            Format.Write(output, message);
    }

    /// <returns>False if there is no message, and no connection that could bring one, nor one to come.</returns>
    internal Task<bool> WaitForMessageAsync(CancellationToken cancel) => _received.WaitAsync(cancel).AsTask();

    internal override void Use(Transport transport)
    {
        try
        {
            base.Use(transport);
        }
        finally
        {
            if (_received.IsFull)
                Connection!.Producer.Pause(_received);
        }
    }

    /// <summary>Raises the event for messages.</summary>
    private protected abstract void RaiseReceived(Connection connection, TMessage message);

    /// <summary>Queues a message if messages are queued, and raises its event, after the handler.</summary>
    private protected void Arrived(Connection connection, TMessage message)
    {
        if (IsQueued)
            _received.Add(message);
        RaiseReceived(connection, message);
    }

    private protected override void BeginReceiving()
    {
        if (!_received.IsComplete)
            return;
        ReceiveQueue<TMessage> received = NewQueue();
        while (_received.TryDequeue(out TMessage message))
            received.Add(message);
        _received = received;
    }

    private protected override void EndReceiving() => _received.Complete();

    private ReceiveQueue<TMessage> NewQueue()
    {
        ReceiveQueue<TMessage> queue = null!;
        queue = new(
            Format.SizeOf,
            full: () => Reactor.Do(() => Connection?.Producer.Pause(queue)),
            drained: () => Reactor.Do(() => Connection?.Producer.Resume(queue)));
        return queue;
    }
}
