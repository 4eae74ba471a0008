using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Newtonsoft.Json;

namespace TwistedPS;

/// <summary>The outcome of a TLS handshake.</summary>
public sealed class TlsDetails
{
    internal TlsDetails(SslStream stream)
    {
        Version = stream.SslProtocol;
        CipherSuite = stream.NegotiatedCipherSuite;
        ApplicationProtocol = stream.NegotiatedApplicationProtocol.ToString() is { Length: > 0 } name ? name : null;
        ServerName = stream.TargetHostName;
        Certificate = stream.LocalCertificate as X509Certificate2;
        PeerCertificate = stream.RemoteCertificate as X509Certificate2;
    }

    /// <summary>The version of the protocol, such as <c>Tls13</c>.</summary>
    public SslProtocols Version { get; }

    /// <summary>The cipher suite.</summary>
    public TlsCipherSuite CipherSuite { get; }

    /// <summary>The protocol agreed on by ALPN, such as <c>h2</c>; null if there is none.</summary>
    public string? ApplicationProtocol { get; }

    /// <summary>The name of the server that the client has asked for (SNI); empty if it has given none.</summary>
    public string ServerName { get; }

    /// <summary>The certificate of this side; null for a client without one.</summary>
    [JsonIgnore]
    public X509Certificate2? Certificate { get; }

    /// <summary>The certificate of the peer; null if it has given none.</summary>
    [JsonIgnore]
    public X509Certificate2? PeerCertificate { get; }

    /// <summary>Returns the version and the cipher suite.</summary>
    public override string ToString() => $"{Version} {CipherSuite}";
}
