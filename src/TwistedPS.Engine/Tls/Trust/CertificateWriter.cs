using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TwistedPS.Engine.Tls;

/// <summary>Writes certificates and their private keys to files. Others can't read those with a private key.</summary>
internal static class CertificateWriter
{
    /// <summary>Writes a PFX file.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="issuer">Its issuer, which is written as well unless it is a root; null for none.</param>
    /// <param name="path">The file.</param>
    /// <param name="password">The password; null for none.</param>
    public static void WritePfx(X509Certificate2 certificate, X509Certificate2? issuer, string path, string? password)
    {
        var all = new X509Certificate2Collection { certificate };
        if (!IsRoot(issuer))
            all.Add(new X509Certificate2(issuer!.RawData));
        Write(path, all.Export(X509ContentType.Pfx, password)!);
    }

    /// <summary>Writes PEM files.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="issuer">Its issuer, which is written as well unless it is a root; null for none.</param>
    /// <param name="path">The file of the certificate.</param>
    /// <param name="keyPath">The file of the private key, in PKCS#8; null to write both to one file.</param>
    /// <param name="password">The password to encrypt the private key with; null for none.</param>
    public static void WritePem(X509Certificate2 certificate, X509Certificate2? issuer, string path, string? keyPath, string? password)
    {
        using AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()!;
        string keyText = password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000));
        string text = certificate.ExportCertificatePem() + "\n" + (IsRoot(issuer) ? "" : issuer!.ExportCertificatePem() + "\n");
        if (keyPath is null)
        {
            Write(path, Encoding.ASCII.GetBytes(text + keyText + "\n"));
            return;
        }

        File.WriteAllText(path, text);
        Write(keyPath, Encoding.ASCII.GetBytes(keyText + "\n"));
    }

    private static bool IsRoot(X509Certificate2? issuer) =>
        issuer is null || issuer.SubjectName.RawData.AsSpan().SequenceEqual(issuer.IssuerName.RawData);

    private static void Write(string path, byte[] content)
    {
        // The mode is that of a new file only.
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(content);
    }
}
