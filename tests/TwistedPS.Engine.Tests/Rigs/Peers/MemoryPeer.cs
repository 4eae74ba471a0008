using System.Buffers;
using System.Net.Security;
using System.Runtime.ExceptionServices;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>A peer in memory, whose waits turn the reactor.</summary>
internal sealed class MemoryPeer : IPeer
{
    private readonly Reactor _reactor;
    private readonly RecordingProtocol _protocol = new() { ClosesAtEnd = false };
    private SeeingSettings? _tls;
    private int _taken;

    public MemoryPeer(Reactor reactor, Transport transport)
    {
        _reactor = reactor;
        Transport = transport;
        Transport.Limit.Bytes = int.MaxValue;
        Transport.Start(_protocol);
    }

    public Transport Transport { get; }

    public bool IsLost => _protocol.IsLost;

    public bool HasEnded => _protocol.HasEnded;

    public int Unread => _protocol.Received.Length - _taken;

    /// <summary>Begins TLS, and waits for the end of its handshake.</summary>
    public void Encrypt(SslClientAuthenticationOptions options)
    {
        Exception? error = null;
        bool hasEnded = false;
        _tls = new SeeingSettings(new TlsClientSettings(options));
        TlsHandshake.Begin(Transport, _tls, e => (error, hasEnded) = (e, true));
        _reactor.TurnUntil(() => hasEnded || IsLost);
        if ((error ?? _protocol.Error) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        Transport.Output!.Write(bytes);
        _reactor.Turn();
    }

    public byte[] ReceiveBytes(int count)
    {
        _reactor.TurnUntil(() => Unread >= count);
        return Consume(count);
    }

    public void StopReading() => Transport.PauseReading();

    public void GoOnReading() => Transport.ResumeReading();

    public string ReceiveToEnd()
    {
        _reactor.TurnUntil(() => _protocol.HasEnded || _protocol.IsLost);
        Assert.True(_protocol.HasEnded, $"The connection was lost: {_protocol.Error?.Message}");
        return Encoding.UTF8.GetString(Consume(Unread));
    }

    public void HalfClose()
    {
        Transport.EndOutput();
        _reactor.Turn();
    }

    /// <summary>Ends sending beneath TLS, without a word of it.</summary>
    public void Truncate()
    {
        _tls!.Carrier!.EndSending();
        _reactor.Turn();
    }

    public void Close()
    {
        Transport.Close(CloseReason.Done);
        _reactor.Turn();
    }

    public void Reset()
    {
        Transport.Abort(CloseReason.Aborted);
        _reactor.Turn();
    }

    public void Dispose() => Transport.Abort(CloseReason.Aborted);

    private byte[] Consume(int count)
    {
        byte[] bytes = _protocol.Received.Span.Slice(_taken, count).ToArray();
        _taken += count;
        return bytes;
    }
}
