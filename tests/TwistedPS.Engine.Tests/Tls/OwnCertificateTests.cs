using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Tests;

public sealed class OwnCertificateTests : IDisposable
{
    private const string Password = "pässword";

    private static readonly RSA s_rsa = RSA.Create(2048);
    private static readonly ECDsa s_ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly PbeParameters s_encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    private static readonly Dictionary<string, Func<string>> s_keys = new()
    {
        ["RSA, PKCS#1"] = s_rsa.ExportRSAPrivateKeyPem,
        ["RSA, PKCS#8"] = s_rsa.ExportPkcs8PrivateKeyPem,
        ["RSA, encrypted PKCS#8"] = () => s_rsa.ExportEncryptedPkcs8PrivateKeyPem(Password, s_encryption),
        ["EC, SEC 1"] = () => $"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{s_ec.ExportECPrivateKeyPem()}",
        ["EC, PKCS#8"] = s_ec.ExportPkcs8PrivateKeyPem,
        ["EC, encrypted PKCS#8"] = () => s_ec.ExportEncryptedPkcs8PrivateKeyPem(Password, s_encryption),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public static TheoryData<string> Keys => new(s_keys.Keys);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_PEM_file_is_loaded_with_its_key_in_it_or_beside_it(string kind)
    {
        (X509Certificate2 certificate, string key) = (CertificateOf(kind), s_keys[kind]());
        string pem = certificate.ExportCertificatePem();
        string keyPath = Write("key.pem", key);
        AssertUsable(certificate, OwnCertificate.Load(Write("cert.pem", pem), keyPath, Password));
        AssertUsable(certificate, OwnCertificate.Load(Write("after.pem", $"{pem}\n{key}\n"), null, Password));
        AssertUsable(certificate, OwnCertificate.Load(Write("before.pem", $"A comment\n{key}\n{pem}\n"), null, Password));
        AssertUsable(certificate, OwnCertificate.Load(Write("cert.der", certificate.Export(X509ContentType.Cert)), keyPath, Password));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_PFX_file_is_loaded_with_its_password_or_without_one(string kind)
    {
        X509Certificate2 certificate = CertificateOf(kind);
        AssertUsable(certificate, OwnCertificate.Load(Write("a.pfx", certificate.Export(X509ContentType.Pfx, Password)), null, Password));
        AssertUsable(certificate, OwnCertificate.Load(Write("b.pfx", certificate.Export(X509ContentType.Pfx))));
    }

    [Fact]
    public void Those_that_come_with_it_are_kept_whatever_their_order()
    {
        X509Certificate2 between = TestCertificates.MakeAuthority("between", TestCertificates.Authority);
        X509Certificate2 leaf = TestCertificates.Make("localhost", between);
        string key = leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        OwnCertificate first = OwnCertificate.Load(Write("a.pem", $"{leaf.ExportCertificatePem()}\n{between.ExportCertificatePem()}\n{key}"));
        OwnCertificate last = OwnCertificate.Load(Write("b.pem", $"{between.ExportCertificatePem()}\n{leaf.ExportCertificatePem()}\n{key}"));
        OwnCertificate pfx = OwnCertificate.Load(Write(
            "c.pfx", new X509Certificate2Collection { new X509Certificate2(between.RawData), leaf }.Export(X509ContentType.Pfx)!));
        foreach (OwnCertificate own in new[] { first, last, pfx })
        {
            AssertUsable(leaf, own);
            Assert.Equal(between.Thumbprint, Assert.Single(own.Others).Thumbprint);
            Assert.Equal(between.Thumbprint, Assert.Single(own.ToContext().IntermediateCertificates).Thumbprint);
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() => Fails(CertificateProblem.CertificateNotFound, "There is no file '.*nothing.pem'", "nothing.pem");

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("nonsense", "has no certificate that can be read")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "has no certificate in it")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "has no certificate that can be read")]
    public void A_file_without_a_certificate_is_named(string text, string message) =>
        Fails(CertificateProblem.CertificateUnreadable, $"'.*x.pem' {message}", Write("x.pem", text));

    [Fact]
    public void A_missing_key_is_said()
    {
        string path = Write("cert.pem", TestCertificates.Server.ExportCertificatePem());
        Fails(CertificateProblem.PrivateKeyMissing, "The certificate of 'localhost' has no private key; -CertificateKey names", path);
        Fails(CertificateProblem.PrivateKeyMissing, "'.*cert.pem' has no private key in it", path, path);
        string pfx = Write("x.pfx", new X509Certificate2(TestCertificates.Server.RawData).Export(X509ContentType.Pfx));
        Fails(CertificateProblem.PrivateKeyMissing, "The certificate of 'localhost' has no private key\\.", pfx);
        Assert.Equal(
            CertificateProblem.PrivateKeyMissing,
            Assert.Throws<CertificateException>(() => OwnCertificate.From(new X509Certificate2(TestCertificates.Server.RawData))).Problem);
    }

    [Theory]
    [InlineData("RSA, PKCS#8")]
    [InlineData("EC, PKCS#8")]
    [InlineData("EC, SEC 1")]
    public void A_key_of_another_certificate_is_said(string kind) => Fails(
        CertificateProblem.PrivateKeyMismatch,
        "The private key in '.*key.pem' does not belong to the certificate of 'localhost'",
        Write("cert.pem", TestCertificates.Server.ExportCertificatePem()),
        Write("key.pem", s_keys[kind]()));

    [Fact]
    public void A_wrong_or_missing_password_is_said()
    {
        X509Certificate2 certificate = CertificateOf("EC");
        string path = Write("cert.pem", certificate.ExportCertificatePem());
        string key = Write("key.pem", s_keys["EC, encrypted PKCS#8"]());
        string pfx = Write("x.pfx", certificate.Export(X509ContentType.Pfx, Password));
        Fails(CertificateProblem.CertificatePasswordInvalid, "The private key in '.*key.pem' is encrypted; -CertificatePassword", path, key);
        Fails(CertificateProblem.CertificatePasswordInvalid, "'.*key.pem' can't be opened with this password", path, key, "wrong");
        Fails(CertificateProblem.CertificatePasswordInvalid, "'.*x.pfx' can't be opened without its password", pfx);
        Fails(CertificateProblem.CertificatePasswordInvalid, "'.*x.pfx' can't be opened with this password", pfx, null, "wrong");
    }

    [Fact]
    public void A_key_in_an_old_encrypted_form_is_said_to_be_one()
    {
        string key = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        Fails(CertificateProblem.CertificateUnreadable, "openssl pkcs8 -topk8", Write("cert.pem", CertificateOf("RSA").ExportCertificatePem()), Write("key.pem", key), "x");
    }

    [Fact]
    public void A_damaged_key_is_said_to_be_one() => Fails(
        CertificateProblem.CertificateUnreadable,
        "'.*key.pem' has a private key that can't be read",
        Write("cert.pem", TestCertificates.Server.ExportCertificatePem()),
        Write("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));

    [Fact]
    public void A_key_for_a_PFX_file_is_refused() => Fails(
        CertificateProblem.PrivateKeyMisplaced,
        "'.*x.pfx' is a PFX file",
        Write("x.pfx", TestCertificates.Server.Export(X509ContentType.Pfx)),
        Write("key.pem", s_keys["EC, PKCS#8"]()));

    [Fact]
    public void A_key_file_that_others_can_read_is_warned_about()
    {
        if (OperatingSystem.IsWindows())
            return;
        string cert = Write("cert.pem", CertificateOf("EC").ExportCertificatePem());
        string key = Write("key.pem", s_keys["EC, PKCS#8"]());
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Equal($"Others can read the private key in '{key}'. 'chmod 600 {key}' keeps it from them.", OwnCertificate.Load(cert, key).Warning);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Null(OwnCertificate.Load(cert, key).Warning);
    }

    private static X509Certificate2 CertificateOf(string kind)
    {
        CertificateRequest request = kind.StartsWith("RSA", StringComparison.Ordinal)
            ? new("CN=localhost", s_rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new("CN=localhost", s_ec, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static void AssertUsable(X509Certificate2 expected, OwnCertificate own)
    {
        Assert.Equal(expected.Thumbprint, own.Leaf.Thumbprint);
        byte[] data = [1, 2, 3];
        if (own.Leaf.GetRSAPrivateKey() is { } rsa)
            Assert.True(s_rsa.VerifyData(data, rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        else
            Assert.True(expected.GetECDsaPublicKey()!.VerifyData(data, own.Leaf.GetECDsaPrivateKey()!.SignData(data, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
    }

    private static void Fails(CertificateProblem problem, string message, string path, string? keyPath = null, string? password = null)
    {
        CertificateException error = Assert.Throws<CertificateException>(() => OwnCertificate.Load(path, keyPath, password));
        Assert.Equal(problem, error.Problem);
        Assert.Matches(message, error.Message);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
