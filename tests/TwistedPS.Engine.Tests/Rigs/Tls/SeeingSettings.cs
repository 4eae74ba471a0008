namespace TwistedPS.Tests;

/// <summary>Settings that remember the carrier beneath TLS, for a test that does something there.</summary>
internal sealed class SeeingSettings(ITlsSettings settings) : ITlsSettings
{
    public ICarrier? Carrier { get; private set; }

    public TimeSpan HandshakeTimeout => settings.HandshakeTimeout;

    public ITlsSession CreateSession(ICarrier carrier)
    {
        Carrier = carrier;
        return settings.CreateSession(carrier);
    }
}
