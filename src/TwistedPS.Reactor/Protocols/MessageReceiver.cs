using System.Buffers;

namespace TwistedPS;

/// <summary>
/// Turns the bytes of a connection into messages, and hands them over one by one for as long as the connection is open,
/// not paused, and its output within the limit. Only what isn't handed over yet is kept.
/// </summary>
internal sealed class MessageReceiver<T>(IFramer<T> framer, IMessageHandler<T> handler) : IMessageReceiver
{
    private readonly PooledBuffer _kept = new();
    private ITransport _transport = null!;
    private bool _paused;
    private bool _stopped;
    private bool _ended;

    public void ConnectionMade(ITransport transport)
    {
        _transport = transport;
        handler.ConnectionMade(transport);
    }

    public void DataReceived(ReadOnlyMemory<byte> data)
    {
        if (_kept.Length > 0)
        {
            Keep(data.Span);
            DeliverKept();
            return;
        }

        int consumed = 0;
        try
        {
            Deliver(data, ref consumed);
        }
        finally
        {
            if (!IsOver)
                Keep(data.Span[consumed..]);
        }
    }

    public void ReadEnded()
    {
        _ended = true;
        DeliverKept();
    }

    public void WriteReady()
    {
        handler.WriteReady();
        DeliverKept();
    }

    public void ConnectionLost(CloseReason reason, Exception? error)
    {
        _kept.Release();
        handler.ConnectionLost(reason, error);
    }

    public void Pause()
    {
        _paused = true;
        _transport.PauseReading();
    }

    public void Resume()
    {
        if (!_paused)
            return;
        _paused = false;
        _transport.ResumeReading();
        DeliverLater();
    }

    public void Stop() => _stopped = true;

    private bool IsOver => _stopped || !_transport.IsOpen;

    private bool CanDeliver => !IsOver && !_paused && !_transport.IsWriteBlocked;

    /// <summary>In a turn of its own: whoever resumes may be a handler, and handlers are not nested.</summary>
    private void DeliverLater() => _transport.Reactor.CallLater(TimeSpan.Zero, DeliverKept);

    private void DeliverKept()
    {
        int consumed = 0;
        try
        {
            Deliver(_kept.Memory, ref consumed);
        }
        finally
        {
            _kept.Consume(consumed);
            if (IsOver)
                _kept.Release();
        }

        if (_ended && CanDeliver)
            Finish();
    }

    /// <param name="data">What is there.</param>
    /// <param name="consumed">How much of it was handed over, also when a handler throws.</param>
    private void Deliver(ReadOnlyMemory<byte> data, ref int consumed)
    {
        try
        {
            while (consumed < data.Length && CanDeliver)
            {
                var rest = new ReadOnlySequence<byte>(data[consumed..]);
                if (!framer.TryRead(rest, out SequencePosition position, out T message))
                    break;
                consumed += (int)rest.Slice(0, position).Length;
                handler.MessageReceived(message);
                if (_transport.UnsentBytes > _transport.SendBufferLimit)
                    _transport.Flush();
            }
        }
        catch (InvalidMessageException e)
        {
            consumed = data.Length;
            handler.MessageInvalid(e);
        }
        catch (ReactorInterruptedException)
        {
            // The messages after the interrupted one are kept; nothing new need come for them to go on.
            DeliverLater();
            throw;
        }
    }

    private void Finish()
    {
        try
        {
            if (_kept.Length > 0)
                handler.MessageCutOff(new ReadOnlySequence<byte>(_kept.Memory));
        }
        finally
        {
            _kept.Release();
            handler.ReadEnded();
        }
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        data.CopyTo(_kept.GetSpan(data.Length));
        _kept.Advance(data.Length);
    }
}
