using System.Security;
using System.Security.Authentication;

namespace TwistedPS.Commands;

/// <summary>The parameters of TLS that servers and clients have in common.</summary>
internal interface ITlsParameters
{
    object? Certificate { get; }

    string? CertificateKey { get; }

    SecureString? CertificatePassword { get; }

    object[] TrustedCertificate { get; }

    string[] RevocationList { get; }

    SslProtocols[] TlsVersion { get; }

    string[] ApplicationProtocol { get; }

    TimeSpan? HandshakeTimeout { get; }
}
