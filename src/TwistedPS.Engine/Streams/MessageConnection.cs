using System.Buffers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Transports;

namespace TwistedPS;

/// <summary>A connection that carries messages of a kind.</summary>
/// <typeparam name="TMessage">The type of a message: a string for lines, bytes for data.</typeparam>
public abstract class MessageConnection<TMessage> : Connection, IMessageHandler<TMessage>
{
    private readonly MessageReceiver<TMessage> _receiver;
    private readonly MessageBatch<TMessage> _batch;
    private readonly Action<Connection, TMessage> _arrived;

    /// <param name="owner">Its server or client.</param>
    /// <param name="number">Its number there.</param>
    /// <param name="format">The wire format of its messages.</param>
    /// <param name="arrived">Called with each message after the handler.</param>
    private protected MessageConnection(
        NetworkService owner, int number, IMessageFormat<TMessage> format, Action<Connection, TMessage> arrived)
        : base(owner, number)
    {
        Format = format;
        _arrived = arrived;
        Framer = format.CreateFramer();
        _receiver = new MessageReceiver<TMessage>(Framer, this);
        _batch = new MessageBatch<TMessage>(this, _receiver);
    }

    internal long MessagesIn { get; private set; }

    internal long MessagesOut { get; private set; }

    internal IMessageFormat<TMessage> Format { get; }

    private protected IFramer<TMessage> Framer { get; }

    internal override IMessageReceiver Receiver => _receiver;

    /// <summary>
    /// Sends a message. If the peer doesn't keep up, the connection whose handler sends is not read meanwhile; from elsewhere, as
    /// a timer, it drops this connection.
    /// </summary>
    /// <exception cref="NotConnectedException">The connection is closed or closing.</exception>
    /// <exception cref="InvalidMessageException">The framing can't carry the message: it is too long, or has the delimiter in it.</exception>
    public void Send(TMessage message)
    {
        if (Format.Refuse(message) is { } error)
            throw error;
        Send(() => WriteFromHandler(message));
    }

    /// <summary>Writes a message that a handler has output for it. On the reactor's thread only.</summary>
    internal void WriteOutput(TMessage message)
    {
        if (Output.IsAnswer)
            WriteMessage(message);
        else
            WriteForeign(message);
    }

    /// <summary>Writes an answer to a connection that may have closed meanwhile. On the reactor's thread only.</summary>
    internal void WriteMessage(TMessage message)
    {
        if (Transport?.Output is { } output)
            NoteSent(Format.Write(output, message));
    }

    void IMessageHandler<TMessage>.ConnectionMade(Transport transport) => Made(transport);

    void IMessageHandler<TMessage>.Received(TMessage first)
    {
        _batch.Begin(first);
        try
        {
            if (Owner.ConnectionHandler is IConnectionHandler<TMessage> handler)
                handler.Received(this, _batch);
        }
        catch (Exception e) when (e is not ReactorInterruptedException)
        {
            Owner.AddError(Owner.OnMessage.Name, this, e);
            Close(CloseReason.HandlerError, e);
        }
        finally
        {
            _batch.EndCall();
        }

        _batch.End();
    }

    void IMessageHandler<TMessage>.MessageInvalid(InvalidMessageException error)
    {
        Owner.MessageWasInvalid(this, error);
        Close(error.Reason, error);
    }

    void IMessageHandler<TMessage>.MessageCutOff(in ReadOnlySequence<byte> rest)
    {
        Owner.MessageWasCutOff(this, rest.Length);
        if (Format.DeliversCutOff)
            ((IMessageHandler<TMessage>)this).Received(Framer.ReadCutOff(rest));
    }

    void IMessageHandler<TMessage>.WriteReady() => OutputDrained();

    void IMessageHandler<TMessage>.ReadEnded() => PeerEnded();

    void IMessageHandler<TMessage>.ConnectionLost(CloseReason reason, Exception? error) => Lost(reason, error);

    /// <summary>Called before a message is delivered.</summary>
    private protected virtual void Arriving()
    {
    }

    /// <summary>Counts a message that is about to be handled.</summary>
    internal void NoteArrived()
    {
        MessagesIn++;
        Arriving();
        Owner.MessageArrived();
    }

    /// <summary>Goes on after a message was handled.</summary>
    internal void NoteHandled(TMessage message)
    {
        _arrived(this, message);
        if (Transport is { } transport && transport.UnsentBytes > transport.Limit.Bytes)
            transport.Flush();
    }

    internal override void NoteSent(int count)
    {
        MessagesOut += count;
        Owner.MessagesSent(count);
    }

    private void WriteFromHandler(TMessage message)
    {
        Output.SendEarlier();
        if (Output.IsOwn)
            WriteMessage(message);
        else
            WriteForeign(message);
    }

    private void WriteForeign(TMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        int count = Format.Write(buffer, message);
        Output.WriteForeign(buffer.WrittenSpan, count);
    }
}
