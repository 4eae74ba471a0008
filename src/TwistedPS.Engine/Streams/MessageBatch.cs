using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// A batch of messages that have arrived on a connection, each handled in a call of its own. On the reactor's thread only.
/// </summary>
internal sealed class MessageBatch<TMessage>(MessageConnection<TMessage> connection, MessageReceiver<TMessage> receiver)
{
    private readonly CallContext _call = new(connection.Owner.OnMessage, connection);
    private IConnectionHandler? _handler;
    private bool _isFirst;
    private bool _isCalling;
    private bool _isUnhandled;

    /// <summary>The message of the current call.</summary>
    public TMessage Current { get; private set; } = default!;

    /// <summary>Begins a batch, and the call for its first message.</summary>
    public void Begin(TMessage first)
    {
        _handler = connection.Owner.ConnectionHandler;
        _isFirst = true;
        BeginCall(first);
    }

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
        if (connection.Owner.ConnectionHandler != _handler || !receiver.TryRead(out TMessage? next))
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
        connection.Owner.Reactor.Watch.Exit(null);
        connection.Release();
    }

    /// <summary>Passes on the message that the handler has handled.</summary>
    public void End()
    {
        if (!_isUnhandled)
            return;
        TMessage message = Current;
        (Current, _isUnhandled) = (default!, false);
        connection.NoteHandled(message);
    }

    private void BeginCall(TMessage message)
    {
        (Current, _isUnhandled, _isCalling) = (message, true, true);
        connection.NoteArrived();
        connection.Owner.Reactor.Watch.Enter(_call);
        connection.Hold();
    }
}
