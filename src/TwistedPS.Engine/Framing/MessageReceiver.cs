using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// A protocol that turns the bytes of a connection into messages, and delivers them one by one for as long as the connection
/// is open, not paused, and its output within the limit. Only undelivered bytes are kept.
/// </summary>
internal sealed class MessageReceiver<T>(IFramer<T> framer, IMessageHandler<T> handler) : IMessageReceiver
{
    private readonly PooledBuffer _kept = new();
    private ReadOnlyMemory<byte> _unread;
    private InvalidMessageException? _invalid;
    private Transport _transport = null!;
    private PauseReasons _pauses;
    private bool _needsMore;
    private bool _stopped;
    private bool _ended;

    public void ConnectionMade(Transport transport)
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

        try
        {
            Deliver(data);
        }
        finally
        {
            if (!IsOver)
                Keep(_unread.Span);
            _unread = default;
        }
    }

    /// <summary>Reads the next whole message, if it may be delivered now.</summary>
    public bool TryRead([MaybeNullWhen(false)] out T message)
    {
        message = default;
        if (!CanDeliver || _unread.IsEmpty)
            return false;
        try
        {
            var unread = new ReadOnlySequence<byte>(_unread);
            if (!framer.TryRead(unread, out SequencePosition end, out message))
            {
                _needsMore = true;
                return false;
            }

            _unread = _unread[(int)unread.Slice(0, end).Length..];
            return true;
        }
        catch (InvalidMessageException e)
        {
            (_invalid, _unread) = (e, default);
            return false;
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

    public void Pause(PauseReasons reason)
    {
        _pauses |= reason;
        _transport.PauseReading();
    }

    public void Resume(PauseReasons reason)
    {
        if ((_pauses & reason) == 0)
            return;
        _pauses &= ~reason;
        if (_pauses != PauseReasons.None)
            return;
        _transport.ResumeReading();
        DeliverLater();
    }

    public void Stop() => _stopped = true;

    private bool IsOver => _stopped || !_transport.IsOpen;

    private bool CanDeliver => !IsOver && _pauses == PauseReasons.None && !_transport.IsWriteBlocked;

    /// <summary>Delivers in a turn of its own: the caller may be a handler, and handlers are not nested.</summary>
    private void DeliverLater() => _transport.Loop.CallLater(TimeSpan.Zero, DeliverKept);

    private void DeliverKept()
    {
        try
        {
            Deliver(_kept.Memory);
        }
        finally
        {
            _kept.Consume(_kept.Length - _unread.Length);
            _unread = default;
            if (IsOver)
                _kept.Release();
        }

        if (_ended && CanDeliver)
            Finish();
    }

    private void Deliver(ReadOnlyMemory<byte> data)
    {
        (_unread, _needsMore) = (data, false);
        try
        {
            while (!_needsMore && TryRead(out T? first))
                handler.Received(first);
        }
        catch (ReactorInterruptedException)
        {
            // The messages after the interrupted one are kept, and need no new data to be delivered.
            DeliverLater();
            throw;
        }

        if (_invalid is { } invalid)
        {
            _invalid = null;
            handler.MessageInvalid(invalid);
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
