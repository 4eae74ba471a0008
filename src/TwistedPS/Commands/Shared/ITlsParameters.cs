using System.Security;
using System.Security.Authentication;

namespace TwistedPS.Commands;

/// <summary>The parameters of TLS that servers and clients have in common.</summary>
internal interface ITlsParameters
{
    object? Certificate { get; set; }

    string? CertificateKey { get; set; }

    SecureString? CertificatePassword { get; }

    object[] TrustedCertificate { get; set; }

    string[] RevocationList { get; }

    SslProtocols[] TlsVersion { get; set; }

    string[] ApplicationProtocol { get; }

    TimeSpan? HandshakeTimeout { get; }
}
