using System.Net.Security;

namespace TwistedPS.Engine.Tls;

/// <summary>The TLS of a server, as people choose it.</summary>
/// <param name="Certificates">Its certificates.</param>
internal sealed record ServerTlsChoices(ServerCertificates Certificates) : TlsChoices
{
    public ClientCertificateMode ClientCertificate { get; init; }

    public TlsServerSettings ToSettings()
    {
        var check = new PeerCheck { IsOptional = ClientCertificate != ClientCertificateMode.Require, Revoked = Revoked };
        Dictionary<OwnCertificate, SslServerAuthenticationOptions> options =
            Certificates.All.Distinct().ToDictionary(one => one, one => OptionsFor(one, check));
        var settings = new TlsServerSettings(options[Certificates.Find("")])
        {
            OnRequest = OnRequest,
            ForServerName = Certificates.AreNamed ? name => options[Certificates.Find(name)] : null,
        };
        return HandshakeTimeout is { } time ? settings with { HandshakeTimeout = time } : settings;
    }

    private SslServerAuthenticationOptions OptionsFor(OwnCertificate certificate, PeerCheck check) => new()
    {
        ServerCertificateContext = certificate.ToContext(),
        ClientCertificateRequired = ClientCertificate != ClientCertificateMode.None,
        RemoteCertificateValidationCallback = check.Accepts,
        CertificateChainPolicy = ChainPolicy(),
        EnabledSslProtocols = Versions,
        ApplicationProtocols = Alpn(),
        AllowRenegotiation = false,
    };
}
