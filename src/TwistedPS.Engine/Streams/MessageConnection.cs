using System.Buffers;
using System.Text;
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
    private Decoder? _decoder;

    /// <param name="part">The part of its server or client.</param>
    /// <param name="number">Its number there.</param>
    /// <param name="format">The wire format of its messages.</param>
    /// <param name="arrived">Called with each message after the handler.</param>
    private protected MessageConnection(
        ServicePart part, int number, IMessageFormat<TMessage> format, Action<Connection, TMessage> arrived)
        : base(part, number)
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

    /// <summary>The messages that wait for a conversation; null where handlers get them.</summary>
    internal ConnectionInbox<TMessage>? Inbox { get; private set; }

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

    /// <summary>
    /// Reads a number of bytes next, whatever is in them, and then messages again (Twisted's <c>setRawMode</c>, for a while). They go
    /// to the handler OnData. A later call replaces an earlier one.
    /// </summary>
    /// <param name="count">The number of bytes; 0 is an array without any, at once.</param>
    /// <exception cref="InvalidOperationException">There is no handler for them.</exception>
    /// <exception cref="MessageTooLongException">They are more than may be read at once.</exception>
    public void ReadBytes(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > Format.MaxDataLength)
            throw new MessageTooLongException(count, Format.MaxDataLength);
        RequireDataHandler();
        if (Reactor.IsCurrent)
            _receiver.ReadBytes((int)count);
        else
            ReadBytesLater((int)count);
    }

    /// <summary>
    /// Decodes bytes as text. A character split between calls is put together: its beginning is kept for the next call. For
    /// one caller at a time.
    /// </summary>
    /// <param name="data">The bytes.</param>
    /// <param name="isLast">Whether nothing more will come: a character that is not whole becomes U+FFFD.</param>
    public string Decode(byte[] data, bool isLast = false)
    {
        _decoder ??= Format.Encoding.GetDecoder();
        char[] chars = new char[_decoder.GetCharCount(data, 0, data.Length, isLast)];
        return new string(chars, 0, _decoder.GetChars(data, 0, data.Length, chars, 0, isLast));
    }

    /// <summary>Checks that somebody handles bytes.</summary>
    /// <exception cref="InvalidOperationException">Nobody does.</exception>
    private protected void RequireDataHandler()
    {
        if (typeof(TMessage) != typeof(byte[]) && !Part.ConnectionHandler.HandlesData)
            throw new InvalidOperationException($"The {Owner} has no -OnData handler, to which the bytes would go.");
    }

    bool IMessageHandler<TMessage>.AcceptsTooLong => Part.ConnectionHandler.HandlesTooLong;

    void IMessageHandler<TMessage>.ConnectionMade(Transport transport) => Made(transport);

    void IMessageHandler<TMessage>.Began(ReadOnlySpan<byte> first) => Began(first);

    void IMessageHandler<TMessage>.Received(Arrival<TMessage> first)
    {
        _batch.Begin(first);
        try
        {
            if (Part.ConnectionHandler is IConnectionHandler<TMessage> handler)
                handler.Received(this, _batch);
        }
        catch (Exception e) when (e is not ReactorInterruptedException)
        {
            Owner.AddError(Owner.HandlerOf(_batch.Kind).Name, this, e);
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
        Part.MessageWasInvalid(this, error);
        Close(error.Reason, error);
    }

    void IMessageHandler<TMessage>.MessageCutOff(in ReadOnlySequence<byte> rest, bool isMessage)
    {
        Part.MessageWasCutOff(this, rest.Length);
        if (Format.DeliversCutOff && isMessage)
            ((IMessageHandler<TMessage>)this).Received(new(ArrivalKind.Message, Framer.ReadCutOff(rest)));
    }

    void IMessageHandler<TMessage>.WriteReady() => OutputDrained();

    void IMessageHandler<TMessage>.ReadEnded()
    {
        Inbox?.Complete();
        PeerEnded();
    }

    void IMessageHandler<TMessage>.ConnectionLost(CloseReason reason, Exception? error) => Lost(reason, error);

    /// <summary>Has its messages wait, from now on. On the reactor's thread only.</summary>
    internal ConnectionInbox<TMessage> OpenInbox() => Inbox ??= new ConnectionInbox<TMessage>(this);

    /// <summary>Called with what has arrived first.</summary>
    private protected virtual void Began(ReadOnlySpan<byte> first)
    {
    }

    /// <summary>Called before a message is delivered.</summary>
    private protected virtual void Arriving()
    {
    }

    /// <summary>Counts what is about to be handled.</summary>
    internal void NoteArrived(ArrivalKind kind)
    {
        if (kind == ArrivalKind.TooLong)
            Part.MessageWasTooLong();
        if (kind != ArrivalKind.Message)
            return;
        MessagesIn++;
        Arriving();
        Part.MessageArrived();
    }

    /// <summary>Goes on after what has arrived was handled.</summary>
    internal void NoteHandled(in Arrival<TMessage> handled)
    {
        if (handled.Kind == ArrivalKind.Message)
            Arrived(handled.Message);
        if (Transport is { } transport && transport.UnsentBytes > transport.Limit.Bytes)
            transport.Flush();
    }

    internal override void NoteSent(int count)
    {
        MessagesOut += count;
        Part.MessagesSent(count);
    }

    private void Arrived(TMessage message)
    {
        Inbox?.Add(message);
        _arrived(this, message);
    }

    private void ReadBytesLater(int count) => Reactor.Post(() => _receiver.ReadBytes(count));

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
