using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Tests;

public sealed class RevocationListTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_list_has_the_serials_in_it_and_no_others()
    {
        X509Certificate2[] made = [.. Enumerable.Range(0, 20).Select(_ => TestCertificates.Make("x", TestCertificates.Authority))];
        var list = new RevocationList(Make(TestCertificates.Authority, made[..10]));
        Assert.All(made[..10], one => Assert.True(list.Has(one)));
        Assert.All(made[10..], one => Assert.False(list.Has(one)));
        Assert.All(made, one => Assert.True(list.IsFor(one)));
        Assert.Equal("CN=the root", list.Issuer);
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void Its_signature_is_checked_with_the_key_of_an_authority(string hash)
    {
        byte[] der = Make(TestCertificates.Authority, [], new HashAlgorithmName(hash));
        Assert.True(new RevocationList(der).IsSignedBy(TestCertificates.Authority));
        Assert.False(new RevocationList(der).IsSignedBy(TestCertificates.MakeAuthority("the root")));
        using var key = RSA.Create(2048);
        X509Certificate2 rsa = RsaAuthority(key);
        Assert.True(new RevocationList(Make(rsa, [], new HashAlgorithmName(hash))).IsSignedBy(rsa));
        Assert.False(new RevocationList(der).IsSignedBy(rsa));
    }

    [Fact]
    public void A_list_that_was_changed_after_it_was_signed_is_noticed()
    {
        X509Certificate2 revoked = TestCertificates.Make("x", TestCertificates.Authority);
        byte[] der = Make(TestCertificates.Authority, [revoked]);
        int at = der.AsSpan().IndexOf(revoked.SerialNumberBytes.Span);
        der[at + 5] ^= 1;
        Assert.False(new RevocationList(der).IsSignedBy(TestCertificates.Authority));
    }

    [Fact]
    public void A_file_may_have_several_as_PEM()
    {
        X509Certificate2 other = TestCertificates.MakeAuthority("other");
        (X509Certificate2 one, X509Certificate2 two) = (TestCertificates.Make("x", TestCertificates.Authority), TestCertificates.Make("x", other));
        File.WriteAllLines(_path, [Pem(Make(TestCertificates.Authority, [one])), Pem(Make(other, [two]))]);
        var lists = new RevocationLists([_path]);
        Assert.NotNull(lists.Find([one, TestCertificates.Authority]));
        Assert.NotNull(lists.Find([two, other]));
        Assert.Null(lists.Find([TestCertificates.Server, TestCertificates.Authority]));
        Assert.Empty(lists.Warnings);
    }

    [Fact]
    public void A_list_that_is_out_of_date_still_counts_and_is_warned_about()
    {
        X509Certificate2 one = TestCertificates.Make("x", TestCertificates.Authority);
        File.WriteAllBytes(_path, Make(TestCertificates.Authority, [one], nextUpdate: DateTimeOffset.UtcNow.AddHours(-1)));
        var lists = new RevocationLists([_path]);
        Assert.NotNull(lists.Find([one, TestCertificates.Authority]));
        Assert.Contains($"The revocation list in '{_path}' is out of date", Assert.Single(lists.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")]
    public void What_is_none_is_refused_by_its_name(string text)
    {
        File.WriteAllText(_path, text);
        Assert.Contains(_path, Assert.Throws<CertificateException>(() => new RevocationLists([_path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_changes_only_is_refused()
    {
        // The extension of a delta list in place of its number: the same object identifier but for the last byte, and critical.
        byte[] der = Make(TestCertificates.Authority, []);
        byte[] number = [0x06, 0x03, 0x55, 0x1D, 0x14];
        int at = der.AsSpan().IndexOf(number);
        byte[] changed = [.. der[..at], 0x06, 0x03, 0x55, 0x1D, 0x1B, 0x01, 0x01, 0xFF, .. der[(at + 5)..]];
        foreach (int length in LengthsAround(changed, at))
            changed[length] += 3;
        Assert.Contains("2.5.29.27", Assert.Throws<NotSupportedException>(() => new RevocationList(changed)).Message, StringComparison.Ordinal);
    }

    internal static byte[] Make(
        X509Certificate2 issuer, X509Certificate2[] revoked, HashAlgorithmName? hash = null, DateTimeOffset? nextUpdate = null)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (X509Certificate2 one in revoked)
            builder.AddEntry(one, DateTimeOffset.UtcNow.AddMinutes(-1), X509RevocationReason.KeyCompromise);
        DateTimeOffset next = nextUpdate ?? DateTimeOffset.UtcNow.AddDays(1);
        return builder.Build(issuer, 1, next, hash ?? HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, next.AddDays(-2));
    }

    private static X509Certificate2 RsaAuthority(RSA key)
    {
        var request = new CertificateRequest("CN=rsa", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static string Pem(byte[] der) => PemEncoding.WriteString("X509 CRL", der);

    /// <summary>The places of the lengths of all sequences that a place lies in.</summary>
    private static IEnumerable<int> LengthsAround(byte[] der, int place)
    {
        for (int at = 0; at < place;)
        {
            int header = der[at + 1] switch { 0x82 => 4, 0x81 => 3, _ => 2 };
            int length = der[at + 1] switch { 0x82 => (der[at + 2] << 8) + der[at + 3], 0x81 => der[at + 2], var one => one };
            if (at + header + length <= place)
            {
                at += header + length;
                continue;
            }

            yield return at + header - 1;
            at += header;
        }
    }
}
