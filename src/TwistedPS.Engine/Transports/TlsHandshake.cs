using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Tls;

namespace TwistedPS.Engine.Transports;

/// <summary>
/// The handshake with which a transport begins to be encrypted, within a time limit. If it fails, the transport closes after
/// the alert that tells the peer why. On the loop's thread only.
/// </summary>
internal sealed class TlsHandshake
{
    private readonly Transport _transport;
    private readonly Action<Exception?> _ended;
    private readonly DelayedCall _limit;
    private TlsCarrier _carrier = null!;

    private TlsHandshake(Transport transport, TimeSpan limit, Action<Exception?> ended)
    {
        (_transport, _ended) = (transport, ended);
        _limit = transport.Loop.CallLater(limit, () => Fail(limit));
    }

    /// <summary>The outcome; null before the end.</summary>
    public TlsDetails? Details => _carrier.Details;

    /// <summary>Begins one; what is written to the transport from now on is encrypted, and waits for its end.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="ended">Called at the end, with the error if it has failed; not if the transport has ended before.</param>
    public static void Begin(Transport transport, ITlsSettings settings, Action<Exception?> ended)
    {
        var handshake = new TlsHandshake(transport, settings.HandshakeTimeout, ended);
        transport.Tls = handshake;
        transport.Wrap(
            carrier => handshake._carrier = new TlsCarrier(transport.Loop, carrier, settings.CreateSession(carrier), handshake.Ended));
    }

    private void Ended(Exception? error)
    {
        _limit.Cancel();
        if (_transport.IsEnded)
            return;
        _ended(error);
        if (error is not null)
            _transport.Close(CloseReason.TlsFailed, error);
    }

    private void Fail(TimeSpan limit)
    {
        var error = new TimeoutException($"The TLS handshake has not ended within {limit.TotalSeconds:0.###} s.");
        _ended(error);
        _transport.Abort(CloseReason.TlsFailed, error);
    }
}
