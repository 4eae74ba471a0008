using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Tests;

/// <summary>Options of TLS for tests. Who is to trust the peer trusts anybody, unless a test says otherwise.</summary>
internal static class TlsOptions
{
    public static SslServerAuthenticationOptions Server(SslProtocols versions = SslProtocols.None) => new()
    {
        ServerCertificateContext = Certificates.ServerContext,
        EnabledSslProtocols = versions,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    public static SslClientAuthenticationOptions Client(SslProtocols versions = SslProtocols.None) => new()
    {
        TargetHost = Certificates.Name,
        EnabledSslProtocols = versions,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
    };

    /// <summary>Options of a server whose connections are encrypted from their beginning.</summary>
    public static ServerOptions Encrypted(SslServerAuthenticationOptions? options = null) => new() { Tls = new(options ?? Server()) };

    /// <summary>Options of a server whose connections are encrypted on request.</summary>
    public static ServerOptions OnRequest() => new() { Tls = new(Server()) { OnRequest = true } };
}
