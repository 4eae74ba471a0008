using System.Net.Sockets;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Transports;

/// <summary>
/// The life of a connection, whatever carries its bytes (Twisted's <c>ITransport</c>): reading and its pauses, gathered
/// output and its limit, and the way to close. A close flushes, half-closes, waits for the peer's end, and disposes; the
/// first reason stays. On the loop's thread only.
/// </summary>
internal sealed class Transport : IFlushable
{
    private ICarrier _carrier;
    private IProtocol? _protocol;
    private IdleTimeout? _drainLimit;
    private SocketException? _failure;
    private bool _readPaused;
    private bool _readHeld;
    private bool _endsSending;
    private bool _sendEnded;
    private bool _flushQueued;
    private bool _waitsToSend;

    public Transport(EventLoop loop, ICarrier carrier)
    {
        (Loop, Traffic, _carrier) = (loop, new Traffic(loop), carrier);
        carrier.Ready = Ready;
    }

    public EventLoop Loop { get; }

    public Address LocalAddress => _carrier.LocalAddress;

    public Address RemoteAddress => _carrier.RemoteAddress;

    public CloseReason Reason { get; private set; }

    public Exception? Error { get; private set; }

    /// <summary>Whether it has not been told to close yet.</summary>
    public bool IsOpen => Reason == CloseReason.None;

    public bool IsEnded { get; private set; }

    public Traffic Traffic { get; }

    /// <summary>The time of the last byte received or sent; now, while the carrier holds output back.</summary>
    public long LastActivity => _carrier.IsHeldBack ? Loop.Now : Traffic.LastActivity;

    public int UnsentBytes => _carrier.UnsentBytes;

    /// <summary>The handshake with which TLS has begun; null in plain text.</summary>
    public TlsHandshake? Tls { get; set; }

    /// <summary>The limit of unsent output; it may block reading.</summary>
    public OutputLimit Limit { get; } = new();

    public bool IsReadEnded { get; private set; }

    /// <summary>The longest time that a close waits for the peer, before it becomes an abort.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The output to write to, sent at the end of the turn; null once the transport is told to close.</summary>
    public PooledBuffer? Output
    {
        get
        {
            if (!IsOpen || _endsSending)
                return null;
            FlushLater();
            return _carrier.Unsent;
        }
    }

    public void Switch(IProtocol protocol) => _protocol = protocol;

    /// <summary>Puts a carrier around the present one: what is written from now on passes through it.</summary>
    public void Wrap(Func<ICarrier, ICarrier> wrap)
    {
        (_carrier = _carrier.Wrap(wrap)).Ready = Ready;
        UpdateInterest();
    }

    /// <summary>Starts it: tells the protocol that there is a connection, and reads.</summary>
    public void Start(IProtocol protocol)
    {
        _protocol = protocol;
        try
        {
            protocol.ConnectionMade(this);
        }
        finally
        {
            UpdateInterest();
        }
    }

    public void PauseReading() => PauseReading(true);

    public void ResumeReading() => PauseReading(false);

    /// <summary>
    /// Holds reading while the protocol has data that it handles in later turns. A connection that is lost meanwhile ends
    /// after that, since the data arrived before.
    /// </summary>
    public void HoldReading(bool held)
    {
        if (!held && !_readHeld)
            return;
        _readHeld = held;
        Traffic.NoteActivity();
        if (!held && _failure is not null)
            Abort(CloseReason.Lost, _failure);
        UpdateInterest();
    }

    /// <summary>Sends the gathered output now, as far as the kernel takes it.</summary>
    public void Flush()
    {
        _flushQueued = false;
        if (IsEnded)
            return;
        if (_endsSending)
            _carrier.FinishOutput();
        bool exceeded = Limit.IsExceeded || Limit.IsExceededBy(UnsentBytes);
        while (_carrier.HasOutput && !_waitsToSend && !IsEnded)
        {
            int sent = _carrier.Send(out SocketError error);
            if (error == SocketError.Success)
                Traffic.NoteSent(sent);
            else if (error == SocketError.WouldBlock)
                _waitsToSend = true;
            else
                Fail(error);
        }

        CloseIfCarrierFailed();
        AfterSending();

        // In a turn of its own: a handler may be running, and handlers are not nested.
        if (exceeded && !Limit.IsExceeded)
            Loop.CallLater(TimeSpan.Zero, () => (IsOpen ? _protocol : null)?.WriteReady());
        if (!IsOpen && DrainTime <= TimeSpan.Zero)
            Abort(Reason, Error);
    }

    /// <summary>Sends the gathered output, ends sending, waits for the peer to do the same, and ends.</summary>
    public void Close(CloseReason reason, Exception? error = null)
    {
        if (!IsOpen)
            return;
        (Reason, Error) = (reason, error);
        if (DrainTime > TimeSpan.Zero)
        {
            // A peer that reads, however slowly, gets everything; the limit is for one that doesn't, or doesn't close.
            Traffic.NoteClosing();
            _drainLimit = new IdleTimeout(Loop, DrainTime, () => _carrier.IsHeldBack ? Loop.Now : Traffic.LastSent, () => Abort(reason, error));
            _drainLimit.Start();
        }

        EndOutput();
    }

    /// <summary>Ends sending once all output is sent; reading goes on (Twisted's <c>loseWriteConnection</c>).</summary>
    public void EndOutput()
    {
        _endsSending = true;
        FlushLater();
    }

    /// <summary>Ends at once, regardless of unsent output.</summary>
    public void Abort(CloseReason reason, Exception? error = null)
    {
        // In a turn of its own: a handler that aborts its connection is not interrupted by its own disconnect handler.
        if (End(reason, error, abort: UnsentBytes > 0 || reason == CloseReason.Aborted))
            Loop.CallLater(TimeSpan.Zero, () => _protocol?.ConnectionLost(Reason, Error));
    }

    /// <summary>Frees it without notice to anybody, when its loop is gone.</summary>
    public void Abandon() => End(CloseReason.Aborted, null, abort: true);

    private bool End(CloseReason reason, Exception? error, bool abort)
    {
        if (IsEnded)
            return false;
        IsEnded = true;
        if (IsOpen)
            (Reason, Error) = (reason, error);
        _drainLimit?.Stop();
        _carrier.Dispose(abort);
        return true;
    }

    private void Ready(Interest ready, int sent)
    {
        if (IsEnded)
            return;
        if ((ready & Interest.Write) != 0)
        {
            _waitsToSend = false;
            Traffic.NoteSent(sent);
            Flush();
        }

        if (!IsEnded && WantsToRead && (ready & (Interest.Read | Interest.Failed)) != 0)
            Read(failed: (ready & Interest.Failed) != 0);
        else if (!IsEnded && (ready & Interest.Failed) != 0)
            Fail(SocketError.ConnectionReset);
        if (!IsEnded && _carrier.HasOutput && !_waitsToSend)
            Flush();
    }

    private void Read(bool failed)
    {
        int count = _carrier.Receive(Loop.ReadBuffer, out SocketError error);
        CloseIfCarrierFailed();
        if (error != SocketError.Success || (failed && count == 0))
        {
            if (failed || error != SocketError.WouldBlock)
                Fail(error == SocketError.Success ? SocketError.ConnectionReset : error);
            return;
        }

        if (count == 0)
        {
            IsReadEnded = true;
            UpdateInterest();
            if (IsOpen)
                _protocol!.ReadEnded();
            else
                Flush();
            return;
        }

        Traffic.NoteReceived(count);

        // Data after the decision to close is read and dropped: unread, it would make the kernel send a reset before our output.
        if (IsOpen)
            _protocol!.DataReceived(Loop.ReadBuffer.AsMemory(0, count));
    }

    private bool WantsToRead => !IsReadEnded && (!IsOpen || _carrier.MustRead || (!_readPaused && !_readHeld && !Limit.BlocksReading));

    /// <summary>Ends what is lost, at once or after the data that it has still brought; nobody receives output any more.</summary>
    private void Fail(SocketError error)
    {
        _failure ??= new SocketException((int)error);
        if (!_readHeld || !IsOpen)
            Abort(CloseReason.Lost, _failure);
        else
            _carrier.DropOutput();
    }

    /// <summary>Closes it, after what is left to be sent, if the carrier can carry nothing more.</summary>
    private void CloseIfCarrierFailed()
    {
        if (IsOpen && _carrier.Failure is { } failure)
            Close(failure is EndOfStreamException ? CloseReason.Lost : CloseReason.TlsFailed, failure);
    }

    private void FlushLater()
    {
        if (!_flushQueued)
            Loop.FlushLater(this);
        _flushQueued = true;
    }

    private void AfterSending()
    {
        if (IsEnded)
            return;
        Limit.Note(UnsentBytes);
        if (_endsSending && !_sendEnded && UnsentBytes == 0)
        {
            _sendEnded = true;
            if (IsOpen || !IsReadEnded) // Otherwise the end of the connection, which says it too, comes at once.
                _carrier.EndSending();
        }

        if (!IsOpen && _sendEnded)
            _carrier.IgnoreInput();
        if (!IsOpen && _sendEnded && IsReadEnded)
            Abort(Reason, Error);
        UpdateInterest();
    }

    private void PauseReading(bool paused)
    {
        _readPaused = paused;
        UpdateInterest();
    }

    private void UpdateInterest()
    {
        if (!IsEnded)
            _carrier.Watch((WantsToRead ? Interest.Read : 0) | (_waitsToSend ? Interest.Write : 0));
    }
}
