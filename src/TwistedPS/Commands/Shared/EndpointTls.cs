using System.Security.Authentication;
using TwistedPS.Engine.Addresses;

namespace TwistedPS.Commands;

/// <summary>What an endpoint string says of TLS, put where the parameters that say the same would be.</summary>
internal static class EndpointTls
{
    /// <summary>Completes the parameters of a server or client; ends the cmdlet if one of them says something else.</summary>
    public static void Complete(TwistedCommand cmdlet, ITlsParameters given, EndpointString place)
    {
        if ((place.CertificatePath ?? place.KeyPath) is { } certificate)
        {
            cmdlet.Require(nameof(given.Certificate), place, agrees: false);
            cmdlet.Require(nameof(given.CertificateKey), place, agrees: false);
            (given.Certificate, given.CertificateKey) = (certificate, place.CertificatePath is null ? null : place.KeyPath);
        }

        if (place.TrustPath is { } trusted)
        {
            cmdlet.Require(nameof(given.TrustedCertificate), place, agrees: false);
            given.TrustedCertificate = [trusted];
        }

        if (place.Method is { } method)
        {
            SslProtocols[] versions = VersionsOf(cmdlet, place, method);
            cmdlet.Require(nameof(given.TlsVersion), place, given.TlsVersion.SequenceEqual(versions));
            given.TlsVersion = versions;
        }
    }

    private static SslProtocols[] VersionsOf(TwistedCommand cmdlet, EndpointString place, string method)
    {
        switch (method)
        {
            case "TLS_METHOD" or "SSLv23_METHOD":
                return [];
            case "TLSv1_2_METHOD":
                return [SslProtocols.Tls12];
            default:
                cmdlet.ThrowTerminatingError(Errors.EndpointUnsupported(place, $"{method} is none of TLS_METHOD, SSLv23_METHOD and TLSv1_2_METHOD."));
                throw new InvalidOperationException();
        }
    }
}
