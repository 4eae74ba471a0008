using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// A batch of messages that have arrived on a connection, and of bytes read in place of them, each handled in a call of its own.
/// On the reactor's thread only.
/// </summary>
internal sealed class MessageBatch<TMessage>(MessageConnection<TMessage> connection, MessageReceiver<TMessage> receiver)
{
    private readonly CallContext _call = new(connection.Owner.OnMessage, connection);
    private IConnectionHandler? _handler;
    private Arrival<TMessage> _current;
    private bool _isFirst;
    private bool _isCalling;
    private bool _isUnhandled;

    /// <summary>The message of the current call; of one that is too long, its beginning.</summary>
    public TMessage Current => _current.Message;

    /// <summary>The bytes of the current call, where they are no message.</summary>
    public byte[] Data => _current.Data!;

    /// <summary>The message or the bytes of the current call.</summary>
    public object? Given => Kind == ArrivalKind.Data ? Data : Current;

    /// <summary>The kind of the current call.</summary>
    public ArrivalKind Kind => _current.Kind;

    /// <summary>Begins a batch, and its first call.</summary>
    public void Begin(in Arrival<TMessage> first)
    {
        _handler = connection.Part.ConnectionHandler;
        _isFirst = true;
        BeginCall(first);
    }

    /// <summary>Has <see cref="NextCall"/> return the current call once more, which has only begun: it is for another handler.</summary>
    public void Repeat() => _isFirst = true;

    /// <summary>
    /// Ends the current call, so that a close requested by it happens, and begins that for the next message.
    /// </summary>
    /// <returns>False if there is none, and the handler is to return.</returns>
    public bool NextCall()
    {
        if (_isFirst)
        {
            _isFirst = false;
            return true;
        }

        if (!_isCalling)
            return false;
        EndCall();
        End();

        // A new handler gets its messages in a batch of its own.
        if (connection.Part.ConnectionHandler != _handler || !receiver.TryRead(out Arrival<TMessage> next))
            return false;
        BeginCall(next);
        return true;
    }

    /// <summary>Ends the call still in progress: the handler may have returned before asking for all messages.</summary>
    public void EndCall()
    {
        if (!_isCalling)
            return;
        _isCalling = false;
        connection.Reactor.Watch.Exit(null);
        connection.Release();
    }

    /// <summary>Passes on what the handler has handled.</summary>
    public void End()
    {
        if (!_isUnhandled)
            return;
        Arrival<TMessage> handled = _current;
        (_current, _isUnhandled) = (_current with { Message = default!, Data = null }, false);
        connection.NoteHandled(handled);
    }

    private void BeginCall(in Arrival<TMessage> arrival)
    {
        if (arrival.Kind != _current.Kind)
            _call.Handler = connection.Owner.HandlerOf(arrival.Kind);
        (_current, _isUnhandled, _isCalling) = (arrival, true, true);
        connection.NoteArrived(arrival.Kind);
        connection.Reactor.Watch.Enter(_call);
        connection.Hold();
    }
}
