using System.Net.Security;

namespace TwistedPS.Engine.Tls;

/// <summary>The TLS of a client, as people choose it.</summary>
/// <param name="Host">The name of the server, to ask for and to find in its certificate.</param>
internal sealed record ClientTlsChoices(string Host) : TlsChoices
{
    /// <summary>The certificate to show to servers that ask for one.</summary>
    public OwnCertificate? Certificate { get; init; }

    /// <summary>Whether any certificate of the server will do.</summary>
    public bool SkipsCheck { get; init; }

    public TlsClientSettings ToSettings()
    {
        var check = new PeerCheck { Host = Host, Revoked = Revoked, AcceptsAny = SkipsCheck };
        var settings = new TlsClientSettings(new SslClientAuthenticationOptions
        {
            TargetHost = Host,
            ClientCertificateContext = Certificate?.ToContext(),
            RemoteCertificateValidationCallback = check.Accepts,
            CertificateChainPolicy = ChainPolicy(),
            EnabledSslProtocols = Versions,
            ApplicationProtocols = Alpn(),
            AllowRenegotiation = false,
        })
        {
            OnRequest = OnRequest,
        };
        return HandshakeTimeout is { } time ? settings with { HandshakeTimeout = time } : settings;
    }
}
