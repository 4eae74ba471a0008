using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Tests;

/// <summary>Certificates for tests, each made once, and contexts of those for servers.</summary>
internal static class Certificates
{
    public const string Name = "server.test";

    public static X509Certificate2 Server { get; } = SelfSigned(Name);

    public static X509Certificate2 Other { get; } = SelfSigned("other.test");

    public static X509Certificate2 Client { get; } = SelfSigned("client.test");

    public static SslStreamCertificateContext ServerContext { get; } = ContextOf(Server);

    public static SslStreamCertificateContext OtherContext { get; } = ContextOf(Other);

    private static SslStreamCertificateContext ContextOf(X509Certificate2 certificate) =>
        SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);

    private static X509Certificate2 SelfSigned(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        // Windows can't use a key that is in memory only.
        byte[] pfx = made.Export(X509ContentType.Pfx);
#pragma warning disable SYSLIB0057
        return new X509Certificate2(pfx, (string?)null, X509KeyStorageFlags.Exportable);
#pragma warning restore SYSLIB0057
    }
}
