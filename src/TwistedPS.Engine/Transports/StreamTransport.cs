using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Transports;

/// <summary>
/// A connection's life, whatever carries its bytes: reading and its pauses, gathered output and its limit, and the way to
/// close. A close flushes, half-closes, waits for the peer's end, and disposes; the first reason stays.
/// </summary>
internal abstract class StreamTransport(Reactor reactor) : ITransport
{
    private readonly PooledBuffer _output = new();
    private IProtocol? _protocol;
    private IdleTimeout? _drainLimit;
    private long _lastSent;
    private bool _readPaused;
    private bool _readEnded;
    private bool _endsSending;
    private bool _sendEnded;
    private bool _flushQueued;
    private bool _waitsToSend;

    public Reactor Reactor => reactor;

    public abstract EndPoint? LocalEndPoint { get; }

    public abstract EndPoint? RemoteEndPoint { get; }

    public CloseReason Reason { get; private set; }

    public Exception? Error { get; private set; }

    public bool IsOpen => Reason == CloseReason.None;

    public bool IsEnded { get; private set; }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    public int UnsentBytes => _output.Length;

    public bool IsWriteBlocked { get; private set; }

    public int SendBufferLimit { get; set; } = 1024 * 1024;

    public long LastActivity { get; private set; } = reactor.Now;

    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);

    public PooledBuffer? Output
    {
        get
        {
            if (!IsOpen || _endsSending)
                return null;
            FlushLater();
            return _output;
        }
    }

    protected ReadOnlySpan<byte> UnsentSpan => _output.Span;

    /// <summary>Begins: tells the protocol that there is a connection, and reads.</summary>
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

    public void PauseReading()
    {
        _readPaused = true;
        UpdateInterest();
    }

    public void ResumeReading()
    {
        _readPaused = false;
        UpdateInterest();
    }

    public void Flush()
    {
        _flushQueued = false;
        if (IsEnded)
            return;
        if (!_waitsToSend)
            SendWhatFits();
        AfterSending();
        if (!IsOpen && DrainTime <= TimeSpan.Zero)
            End(Reason, Error);
    }

    public void Close(CloseReason reason, Exception? error = null)
    {
        if (!IsOpen)
            return;
        (Reason, Error) = (reason, error);
        if (DrainTime > TimeSpan.Zero)
        {
            // A peer that reads, however slowly, gets everything; the limit is for one that doesn't, or doesn't close.
            _lastSent = Reactor.Now;
            _drainLimit = new IdleTimeout(Reactor, DrainTime, () => _lastSent, () => End(reason, error));
            _drainLimit.Start();
        }

        EndOutput();
    }

    /// <summary>Says that no more will be sent, once everything is; reading goes on (Twisted's <c>loseWriteConnection</c>).</summary>
    public void EndOutput()
    {
        _endsSending = true;
        FlushLater();
    }

    public void Abort(CloseReason reason, Exception? error = null) => End(reason, error);

    /// <summary>Frees it without a word to anybody, when its reactor is gone.</summary>
    public void Abandon()
    {
        if (IsEnded)
            return;
        IsEnded = true;
        if (IsOpen)
            Reason = CloseReason.Aborted;
        _output.Release();
        Dispose(abort: true);
    }

    /// <summary>The carrier can be read or written, or has failed.</summary>
    protected void Ready(Interest ready, int sent)
    {
        if (IsEnded)
            return;
        if ((ready & Interest.Write) != 0)
        {
            _waitsToSend = false;
            NoteSent(sent);
            Flush();
        }

        if (!IsEnded && (ready & (Interest.Read | Interest.Failed)) != 0)
            Read(failed: (ready & Interest.Failed) != 0);
        if (!IsEnded && _output.Length > 0 && !_waitsToSend)
            Flush();
    }

    /// <returns>The number of bytes, 0 at the end of the stream.</returns>
    protected abstract int Receive(Span<byte> buffer, out SocketError error);

    protected abstract int Send(ReadOnlySpan<byte> data, out SocketError error);

    /// <summary>Tells the peer that nothing more will come.</summary>
    protected abstract void EndSending();

    protected abstract void Watch(Interest interest);

    /// <param name="abort">Drop it at once instead of leaving the rest to the kernel.</param>
    protected abstract void Dispose(bool abort);

    private void SendWhatFits()
    {
        while (_output.Length > 0)
        {
            int sent = Send(_output.Span, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                _waitsToSend = true;
                return;
            }

            if (error != SocketError.Success)
            {
                End(CloseReason.Lost, new SocketException((int)error));
                return;
            }

            NoteSent(sent);
        }
    }

    private void Read(bool failed)
    {
        if (!WantsToRead)
        {
            if (failed)
                End(CloseReason.Lost, new SocketException((int)SocketError.ConnectionReset));
            return;
        }

        int count = Receive(Reactor.ReadBuffer, out SocketError error);
        if (error == SocketError.WouldBlock)
            return;
        if (error != SocketError.Success)
        {
            End(CloseReason.Lost, new SocketException((int)error));
            return;
        }

        if (count == 0)
        {
            _readEnded = true;
            UpdateInterest();
            if (IsOpen)
                _protocol!.ReadEnded();
            else
                AfterSending();
            return;
        }

        BytesIn += count;
        LastActivity = Reactor.Now;

        // What comes after the decision to close is read and dropped: unread bytes would make the kernel send a reset,
        // and that could overtake our last words.
        if (IsOpen)
            _protocol!.DataReceived(Reactor.ReadBuffer.AsMemory(0, count));
    }

    private bool WantsToRead => !_readEnded && (!IsOpen || (!_readPaused && !IsWriteBlocked));

    private void FlushLater()
    {
        if (_flushQueued)
            return;
        _flushQueued = true;
        Reactor.FlushLater(this);
    }

    private void NoteSent(int sent)
    {
        if (sent == 0)
            return;
        _output.Consume(sent);
        BytesOut += sent;
        LastActivity = _lastSent = Reactor.Now;
    }

    private void AfterSending()
    {
        if (IsEnded)
            return;
        bool wasBlocked = IsWriteBlocked;
        NoteLimit();
        if (_endsSending && !_sendEnded && _output.Length == 0)
        {
            _sendEnded = true;
            EndSending();
        }

        if (!IsOpen && _sendEnded && _readEnded)
        {
            End(Reason, Error);
            return;
        }

        UpdateInterest();
        if (wasBlocked && !IsWriteBlocked && IsOpen)
            _protocol!.WriteReady();
    }

    /// <summary>Reading pauses at the limit and goes on at half of it, so that it doesn't flutter.</summary>
    private void NoteLimit() =>
        IsWriteBlocked = _output.Length > (IsWriteBlocked ? SendBufferLimit / 2 : SendBufferLimit);

    private void UpdateInterest()
    {
        if (!IsEnded)
            Watch((WantsToRead ? Interest.Read : 0) | (_waitsToSend ? Interest.Write : 0));
    }

    private void End(CloseReason reason, Exception? error)
    {
        if (IsEnded)
            return;
        IsEnded = true;
        if (IsOpen)
            (Reason, Error) = (reason, error);
        _drainLimit?.Stop();
        bool unclean = _output.Length > 0 || reason == CloseReason.Aborted;
        _output.Release();
        Dispose(abort: unclean);

        // In a turn of its own: a handler that aborts its connection is not interrupted by its own disconnect handler.
        Reactor.CallLater(TimeSpan.Zero, () => _protocol?.ConnectionLost(Reason, Error));
    }
}
