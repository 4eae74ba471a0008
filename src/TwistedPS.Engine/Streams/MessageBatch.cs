using System.Collections;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The messages that have arrived on a connection, for its handler to take. To ask for the next one is the end of what is
/// done for the one before: a close that it has asked for happens. On the reactor's thread only.
/// </summary>
internal sealed class MessageBatch<TMessage>(MessageConnection<TMessage> connection, MessageReceiver<TMessage> receiver) : IEnumerator<TMessage>
{
    private IConnectionHandler? _handler;
    private bool _isNew;
    private bool _isThere;

    public TMessage Current { get; private set; } = default!;

    object? IEnumerator.Current => Current;

    /// <summary>Begins with a message that is taken already.</summary>
    public void Begin(TMessage first)
    {
        _handler = connection.Owner.ConnectionHandler;
        _isNew = true;
        Add(first);
    }

    public bool MoveNext()
    {
        if (_isNew)
        {
            _isNew = false;
            return true;
        }

        if (!_isThere)
            return false;
        EndCall();

        // What a new handler is to have, it gets in a call of its own.
        if (connection.Owner.ConnectionHandler != _handler || !receiver.TryRead(out TMessage? next))
            return false;
        Add(next);
        return true;
    }

    /// <summary>Ends after the handler, which may have left before it has asked for everything.</summary>
    public void End()
    {
        if (_isThere)
            Drop();
    }

    void IEnumerator.Reset() => throw new NotSupportedException();

    void IDisposable.Dispose()
    {
    }

    private void Add(TMessage message)
    {
        (Current, _isThere) = (message, true);
        connection.NoteArrived();
    }

    private void EndCall()
    {
        HandlerWatch watch = connection.Owner.Reactor.Watch;
        watch.Exit(null);
        watch.Connection = null;
        connection.Release();
        try
        {
            Drop();
        }
        finally
        {
            connection.Hold();
            watch.Connection = connection;
            watch.Enter(connection.Owner.OnMessage);
        }
    }

    private void Drop()
    {
        TMessage message = Current;
        (Current, _isThere) = (default!, false);
        connection.NoteHandled(message);
    }
}
