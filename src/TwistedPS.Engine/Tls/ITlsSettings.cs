using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Tls;

/// <summary>The TLS of connections, whichever side they are.</summary>
internal interface ITlsSettings
{
    TimeSpan HandshakeTimeout { get; }

    /// <summary>Creates this side of a session over a carrier.</summary>
    ITlsSession CreateSession(ICarrier carrier);
}
