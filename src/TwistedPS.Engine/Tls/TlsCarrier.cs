using System.Net.Sockets;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Tls;

/// <summary>
/// A carrier that encrypts what another one carries. What is written before the end of its handshake waits for that. After a
/// failure it still sends what is encrypted, an alert among it, and passes on what comes as it is, to be dropped.
/// </summary>
internal sealed class TlsCarrier : ICarrier
{
    /// <summary>The number of bytes that are encrypted at once: a few records, no more of which wait for the kernel.</summary>
    private const int Portion = 65536;

    private readonly EventLoop _loop;
    private readonly ICarrier _carrier;
    private readonly ITlsSession _session;
    private readonly Action<Exception?> _handshakeEnded;
    private readonly Action _tellReady;
    private Interest _interest;
    private int _encrypted;
    private bool _readEnded;
    private bool _readsRaw;
    private bool _finishes;
    private bool _isFinished;
    private bool _isOver;
    private bool _queued;
    private bool _disposed;

    /// <summary>Begins a handshake, in a turn of its own.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="carrier">The carrier beneath.</param>
    /// <param name="session">The session over that carrier.</param>
    /// <param name="handshakeEnded">Called at the end of the handshake, with its error if there is one.</param>
    public TlsCarrier(EventLoop loop, ICarrier carrier, ITlsSession session, Action<Exception?> handshakeEnded)
    {
        (_loop, _carrier, _session, _handshakeEnded) = (loop, carrier, session, handshakeEnded);
        _tellReady = TellReady;
        carrier.Ready = CarrierReady;
        TellReadyLater();
    }

    public Address LocalAddress => _carrier.LocalAddress;

    public Address RemoteAddress => _carrier.RemoteAddress;

    public PooledBuffer Unsent { get; } = new();

    public int UnsentBytes => Unsent.Length + _carrier.UnsentBytes;

    public bool HasOutput => _carrier.HasOutput || (IsOpen && Unsent.Length > 0);

    public bool IsHeldBack => _carrier.IsHeldBack;

    public bool MustRead => Details is null && !_isOver;

    public Exception? Failure { get; private set; }

    public Action<Interest, int>? Ready { get; set; }

    /// <summary>The outcome of the handshake; null before its end.</summary>
    public TlsDetails? Details { get; private set; }

    private bool IsOpen => Details is not null && !_isOver;

    public int Receive(Memory<byte> buffer, out SocketError error)
    {
        if (_readsRaw)
            return _carrier.Receive(buffer, out error);
        if (Details is null)
            return ShakeHands(out error);
        try
        {
            int? count = _session.Read(buffer);
            error = count is null ? SocketError.WouldBlock : SocketError.Success;
            _readEnded = count == 0;
            TellReadyIfMore();
            return count ?? 0;
        }
        catch (Exception e)
        {
            error = Fail(e);
            return 0;
        }
    }

    public int Send(out SocketError error)
    {
        error = SocketError.Success;
        if (IsOpen && Unsent.Length > 0 && _carrier.UnsentBytes < Portion)
            Encrypt(Unsent.Memory[..Math.Min(Unsent.Length, Portion)]);
        return _carrier.HasOutput ? Credit(_carrier.Send(out error)) : 0;
    }

    public void DropOutput()
    {
        Unsent.Release();
        _carrier.DropOutput();
    }

    public void FinishOutput()
    {
        _finishes = true;
        FinishIfAllIsEncrypted();
    }

    public void EndSending() => _carrier.EndSending();

    public void IgnoreInput() => _carrier.IgnoreInput();

    public void Watch(Interest interest)
    {
        _interest = interest;
        _carrier.Watch(interest);
        TellReadyIfMore();
    }

    public void Dispose(bool abort)
    {
        _disposed = true;
        Unsent.Release();
        _session.Dispose();
        _carrier.Dispose(abort);
        if (MustRead)
            _handshakeEnded(null);
    }

    private int ShakeHands(out SocketError error)
    {
        error = SocketError.WouldBlock;
        try
        {
            Details = _session.Handshake();
        }
        catch (Exception e)
        {
            error = Fail(e);
            _handshakeEnded(Failure ?? new SocketException((int)error));
            if (e is ReactorInterruptedException)
                throw;
        }

        if (_disposed || Details is null)
            return 0;
        FinishIfAllIsEncrypted();
        TellReadyIfMore();
        _handshakeEnded(null);
        return 0;
    }

    private void Encrypt(ReadOnlyMemory<byte> plain)
    {
        try
        {
            _session.Write(plain);
            _encrypted += plain.Length;
            Unsent.Consume(plain.Length);
            FinishIfAllIsEncrypted();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void FinishIfAllIsEncrypted()
    {
        if (!_finishes || _isFinished || !IsOpen || Unsent.Length > 0)
            return;
        _isFinished = true;
        try
        {
            _session.FinishWriting();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <returns>The error to show to the transport: that of the network, or none yet if there is a failure.</returns>
    private SocketError Fail(Exception e)
    {
        _readsRaw = true;

        // A peer that has ended without a word may still read.
        if (e is not EndOfStreamException)
        {
            _isOver = true;
            Unsent.Release();
        }

        if (e is IOException { InnerException: SocketException lost })
            return lost.SocketErrorCode;
        Failure = e;
        return SocketError.WouldBlock;
    }

    /// <summary>
    /// Converts a number of encrypted bytes that the kernel has taken into one of plain bytes: a little early for each, and
    /// exactly for all.
    /// </summary>
    private int Credit(int sent)
    {
        int plain = _carrier.UnsentBytes == 0 ? _encrypted : Math.Min(sent, _encrypted);
        _encrypted -= plain;
        return plain;
    }

    private void CarrierReady(Interest ready, int sent)
    {
        if ((ready & (Interest.Read | Interest.Failed)) != 0)
            _session.Arrived();

        // A step of a handshake takes about a millisecond, and many peers may come at once: others get their turn between.
        if (MustRead && ready == Interest.Read)
            TellReadyLater();
        else
            Ready?.Invoke(ready, Credit(sent));
    }

    // What has been received may hold more than was read of it, which the carrier beneath will not tell of again.
    private void TellReadyIfMore()
    {
        if (IsOpen && !_readEnded && !_readsRaw && (_interest & Interest.Read) != 0 && _session.CanRead)
            TellReadyLater();
    }

    private void TellReadyLater()
    {
        if (_queued || _disposed)
            return;
        _queued = true;
        _loop.Post(_tellReady);
    }

    private void TellReady()
    {
        _queued = false;
        if (!_disposed)
            Ready?.Invoke(Interest.Read, 0);
    }
}
