using System.Buffers;
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
    private readonly SwitchableFramer<T> _framer = new(framer, () => handler.AcceptsTooLong);
    private ReadOnlyMemory<byte> _unread;
    private InvalidMessageException? _invalid;
    private Transport _transport = null!;
    private DelayedCall? _later;
    private bool _hasBegun;
    private bool _needsMore;
    private bool _hasDelivered;
    private bool _delivers;
    private bool _isReplaced;
    private bool _restarts;
    private bool _yields;
    private bool _paused;
    private bool _stopped;
    private bool _ended;
    private bool _finished;

    public ReadOnlyMemory<byte> Undelivered => _kept.Memory;

    public long Dropped { get; private set; }

    public void ConnectionMade(Transport transport)
    {
        _transport = transport;
        handler.ConnectionMade(transport);
    }

    public void DataReceived(ReadOnlyMemory<byte> data)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            handler.Began(data.Span);
        }

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

    /// <summary>Reads what comes next, if it is whole and may be delivered now.</summary>
    public bool TryRead(out Arrival<T> arrival)
    {
        arrival = default;
        if (!CanDeliver || (_unread.IsEmpty && !_framer.NeedsNothing) || IsToYield())
            return false;
        try
        {
            bool isWhole = _framer.TryRead(_unread, out int consumed, out arrival);
            _unread = _unread[consumed..];
            (_hasDelivered, _needsMore) = (_hasDelivered || isWhole, !isWhole);
            return isWhole;
        }
        catch (InvalidMessageException e)
        {
            (_invalid, _unread) = (e, default);
            return false;
        }
    }

    public void ReadBytes(int count)
    {
        _framer.ReadBytes(count);
        ReadAgain();
    }

    public void ReadRaw()
    {
        _framer.ReadRaw();
        ReadAgain();
    }

    public void ReadMessages(ReadOnlySpan<byte> first)
    {
        _framer.ReadMessages();
        PutBack(first);
        ReadAgain();
    }

    public void ReadAgain()
    {
        _needsMore = false;
        if (!_delivers && (_kept.Length > 0 || _framer.NeedsNothing))
            DeliverLater();
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
            ConsumeKept();
            if (IsOver)
                _kept.Release();
            EndDelivery();
        }

        if (_ended && !_finished && CanDeliver && !_yields)
            Finish();
    }

    private void Deliver(ReadOnlyMemory<byte> data)
    {
        (_unread, _needsMore, _hasDelivered, _yields, _delivers) = (data, false, false, false, true);
        try
        {
            while (!_needsMore && !_yields && TryRead(out Arrival<T> first))
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
        (_unread, _delivers, _isReplaced) = (default, false, false);
        if (!_restarts)
            return;
        _restarts = false;
        Dropped += _kept.Length;
        _kept.Release();
        _framer.Reset();
    }

    private void Finish()
    {
        _finished = true;
        try
        {
            if (_kept.Length > 0 && !_framer.IsSkipping)
                handler.MessageCutOff(new ReadOnlySequence<byte>(_kept.Memory), isMessage: !_framer.ReadsData);
        }
        finally
        {
            _kept.Release();
            handler.ReadEnded();
        }
    }

    /// <summary>Puts bytes before those that are not read yet.</summary>
    private void PutBack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _framer.Leave();
        byte[] all = [.. bytes, .. (_delivers ? _unread : _kept.Memory).Span];
        if (_delivers)
        {
            (_unread, _isReplaced) = (all, true);
            return;
        }

        _kept.Release();
        Keep(all);
    }

    /// <summary>Forgets what was read of the bytes that are kept.</summary>
    private void ConsumeKept()
    {
        if (!_isReplaced)
        {
            _kept.Consume(_kept.Length - _unread.Length);
            return;
        }

        _kept.Release();
        Keep(_unread.Span);
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        data.CopyTo(_kept.GetSpan(data.Length));
        _kept.Advance(data.Length);
    }
}
