using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The messages that have arrived on a connection, for its handler, each with a call of its own. On the reactor's thread
/// only.
/// </summary>
internal sealed class MessageBatch<TMessage>(MessageConnection<TMessage> connection, MessageReceiver<TMessage> receiver)
{
    private readonly CallContext _call = new(connection.Owner.OnMessage, connection);
    private IConnectionHandler? _handler;
    private bool _isFirst;
    private bool _isCalling;
    private bool _isUnhandled;

    /// <summary>The message of the present call.</summary>
    public TMessage Current { get; private set; } = default!;

    /// <summary>Begins a batch, and the call for its first message.</summary>
    public void Begin(TMessage first)
    {
        _handler = connection.Owner.ConnectionHandler;
        _isFirst = true;
        BeginCall(first);
    }

    /// <summary>Ends the present call, so that a close that it has asked for happens, and begins that for the next message.</summary>
    /// <returns>False when there is none, and the handler is to return.</returns>
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

        // What a new handler is to have, it gets in a batch of its own.
        if (connection.Owner.ConnectionHandler != _handler || !receiver.TryRead(out TMessage? next))
            return false;
        BeginCall(next);
        return true;
    }

    /// <summary>Ends the call that is not ended yet: the handler may have left before it has asked for all messages.</summary>
    public void EndCall()
    {
        if (!_isCalling)
            return;
        _isCalling = false;
        connection.Owner.Reactor.Watch.Exit(null);
        connection.Release();
    }

    /// <summary>Tells of the message that the handler has had.</summary>
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
