using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// A protocol that turns the bytes of a connection into messages, and delivers them one by one for as long as the connection
/// is open, not paused, its output within the limit, and its time in this turn not over. Only undelivered bytes are kept.
/// </summary>
internal sealed class MessageReceiver<T>(IFramer<T> framer, IMessageHandler<T> handler) : IMessageReceiver
{
    private readonly PooledBuffer _kept = new();
    private ReadOnlyMemory<byte> _unread;
    private InvalidMessageException? _invalid;
    private Transport _transport = null!;
    private DelayedCall? _later;
    private bool _needsMore;
    private bool _hasDelivered;
    private bool _delivers;
    private bool _restarts;
    private bool _yields;
    private bool _paused;
    private bool _stopped;
    private bool _ended;

    public ReadOnlyMemory<byte> Undelivered => _kept.Memory;

    public long Dropped { get; private set; }

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
            EndDelivery();
        }
    }

    /// <summary>Reads the next whole message, if it may be delivered now.</summary>
    public bool TryRead([MaybeNullWhen(false)] out T message)
    {
        message = default;
        if (!CanDeliver || _unread.IsEmpty || IsToYield())
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
            _hasDelivered = true;
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

    public void Restart()
    {
        _restarts = true;
        if (!_delivers)
            EndDelivery();
    }

    private bool IsOver => _stopped || !_transport.IsOpen;

    private bool CanDeliver => !IsOver && !_paused && !_restarts && !_transport.Limit.BlocksReading;

    /// <summary>Delivers in a turn of its own: the caller may be a handler, and handlers are not nested.</summary>
    private void DeliverLater()
    {
        if (_later is not { IsActive: true })
            _later = _transport.Loop.CallLater(TimeSpan.Zero, DeliverKept);
    }

    /// <summary>Whether others are to get their turn first; each turn delivers one message at least.</summary>
    private bool IsToYield() => _yields = _hasDelivered && _transport.Loop.Slice.IsOverAfterMessage();

    private void DeliverKept()
    {
        try
        {
            Deliver(_kept.Memory);
        }
        finally
        {
            _kept.Consume(_kept.Length - _unread.Length);
            if (IsOver)
                _kept.Release();
            EndDelivery();
        }

        if (_ended && CanDeliver && !_yields)
            Finish();
    }

    private void Deliver(ReadOnlyMemory<byte> data)
    {
        (_unread, _needsMore, _hasDelivered, _yields, _delivers) = (data, false, false, false, true);
        try
        {
            while (!_needsMore && !_yields && TryRead(out T? first))
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

        _transport.HoldReading(_yields);
        if (_yields)
            DeliverLater();
    }

    private void EndDelivery()
    {
        (_unread, _delivers) = (default, false);
        if (!_restarts)
            return;
        _restarts = false;
        Dropped += _kept.Length;
        _kept.Release();
        framer.Reset();
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
