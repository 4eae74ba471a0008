using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Engine.Tls;

/// <summary>A certificate to be made, for tests: with an ECDSA key on the curve P-256.</summary>
internal sealed record NewCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>The distinguished name, such as <c>CN=somebody</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The names and IP addresses of the hosts that it is for.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The authority that signs it, with its private key; null for one that signs itself.</summary>
    public X509Certificate2? Issuer { get; init; }

    /// <summary>Whether it may sign others.</summary>
    public bool IsAuthority { get; init; }

    /// <summary>Whether it is one of a client, and not of a server.</summary>
    public bool IsForClient { get; init; }

    /// <summary>Makes it.</summary>
    /// <exception cref="CertificateException">The issuer has no private key, or may not sign others.</exception>
    public X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(Subject), key, HashAlgorithmName.SHA256);
        AddExtensions(request);
        using X509Certificate2 made = Issuer is null
            ? request.CreateSelfSigned(NotBefore, NotAfter)
            : Sign(request, Issuer, key);

        // Its key would be in memory only, which does not do everywhere.
        return new X509Certificate2(made.Export(X509ContentType.Pfx), (string?)null, X509KeyStorageFlags.Exportable);
    }

    private void AddExtensions(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(IsAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (IsAuthority)
        {
            request.CertificateExtensions.Add(
                new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        }
        else
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
            request.CertificateExtensions.Add(
                new X509EnhancedKeyUsageExtension([new Oid(IsForClient ? ClientAuthentication : ServerAuthentication)], critical: false));
        }

        if (Names.Count > 0)
            request.CertificateExtensions.Add(ToExtension(Names));
    }

    private static X509Extension ToExtension(IEnumerable<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
                builder.AddIpAddress(address);
            else
                builder.AddDnsName(name);
        }

        return builder.Build();
    }

    private X509Certificate2 Sign(CertificateRequest request, X509Certificate2 issuer, ECDsa key)
    {
        string name = PeerCheck.NameOf(issuer);
        if (!issuer.Extensions.OfType<X509BasicConstraintsExtension>().Any(it => it.CertificateAuthority))
            throw new CertificateException(CertificateProblem.IssuerUnusable, name, $"{name} may not issue certificates: it is no authority.");
        using RSA? rsa = issuer.GetRSAPrivateKey();
        using ECDsa? ec = issuer.GetECDsaPrivateKey();
        X509SignatureGenerator generator = (rsa, ec) switch
        {
            ({ }, _) => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
            (_, { }) => X509SignatureGenerator.CreateForECDsa(ec),
            _ => throw new CertificateException(CertificateProblem.IssuerUnusable, name, $"{name} can't issue certificates without its private key."),
        };
        if (issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any())
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        using X509Certificate2 signed = request.Create(issuer.SubjectName, generator, NotBefore, NotAfter, serial);
        return signed.CopyWithPrivateKey(key);
    }
}
