using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Engine.Tls;

/// <summary>What both sides may choose of TLS.</summary>
internal abstract record TlsChoices
{
    /// <summary>The roots that peers are checked against; null for those of the system.</summary>
    public X509Certificate2Collection? Trusted { get; init; }

    public RevocationLists? Revoked { get; init; }

    /// <summary>The versions; None leaves them to the system.</summary>
    public SslProtocols Versions { get; init; }

    /// <summary>The names of protocols to agree on (ALPN), the preferred first.</summary>
    public IReadOnlyList<string> ApplicationProtocols { get; init; } = [];

    /// <summary>The longest time of a handshake; null for the default.</summary>
    public TimeSpan? HandshakeTimeout { get; init; }

    /// <summary>Whether connections begin in plain text (STARTTLS).</summary>
    public bool OnRequest { get; init; }

    /// <summary>Builds chains from what is at hand: looking for more would hold the reactor.</summary>
    private protected X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (Trusted is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Trusted);
        }

        return policy;
    }

    private protected List<SslApplicationProtocol>? Alpn() =>
        ApplicationProtocols.Count == 0 ? null : [.. ApplicationProtocols.Select(name => new SslApplicationProtocol(name))];
}
