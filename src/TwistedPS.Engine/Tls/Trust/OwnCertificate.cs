using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Engine.Tls;

/// <summary>A certificate of this side with its private key, and those between it and its root, which are sent along.</summary>
/// <param name="leaf">The certificate, with its private key.</param>
/// <param name="others">Those that came with it.</param>
/// <param name="keyFile">The file that has its private key; null for none.</param>
internal sealed class OwnCertificate(X509Certificate2 leaf, X509Certificate2Collection others, string? keyFile)
{
    private const UnixFileMode OthersMayUse =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public X509Certificate2 Leaf => leaf;

    /// <summary>Those that came with it, whichever they are.</summary>
    public X509Certificate2Collection Others => others;

    /// <summary>A warning if others can read its private key; null if not.</summary>
    public string? Warning => keyFile is not null && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(keyFile) & OthersMayUse) != 0
        ? $"Others can read the private key in '{keyFile}'. 'chmod 600 {keyFile}' keeps it from them."
        : null;

    /// <summary>Uses a certificate that is loaded already.</summary>
    /// <exception cref="CertificateException">It has no private key.</exception>
    public static OwnCertificate From(X509Certificate2 certificate) => certificate.HasPrivateKey
        ? new OwnCertificate(certificate, [], null)
        : throw KeyMissing(certificate, PeerCheck.NameOf(certificate), "");

    /// <summary>Loads a PFX file, or PEM files with the certificate first and those between it and its root behind.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keyPath">The PEM file of its private key; null for the one in the same file.</param>
    /// <param name="password">The password of the PFX file or of the private key.</param>
    /// <exception cref="CertificateException">It can't be used: see the message.</exception>
    public static OwnCertificate Load(string path, string? keyPath = null, string? password = null)
    {
        CertificateFile file = CertificateFile.Read(path);
        return file.IsPfx ? FromPfx(file, keyPath, password) : FromPem(file, keyPath, password);
    }

    /// <summary>Creates what .NET needs to show it to peers. Costs a look-up of its chain, so it is for many connections.</summary>
    public SslStreamCertificateContext ToContext() => SslStreamCertificateContext.Create(leaf, others, offline: true);

    private static OwnCertificate FromPfx(CertificateFile file, string? keyPath, string? password)
    {
        if (keyPath is not null)
        {
            throw new CertificateException(
                CertificateProblem.PrivateKeyMisplaced, file.Path, $"'{file.Path}' is a PFX file, which has its private key in it; a key of its own can't be given.");
        }

        X509Certificate2Collection all = file.ReadPfx(password);
        X509Certificate2 leaf = all.FirstOrDefault(one => one.HasPrivateKey)
            ?? throw KeyMissing(all.FirstOrDefault(), file.Path, "");
        all.Remove(leaf);
        return new OwnCertificate(leaf, all, file.Path);
    }

    private static OwnCertificate FromPem(CertificateFile file, string? keyPath, string? password)
    {
        X509Certificate2Collection all = file.ReadCertificates();
        CertificateFile keyFile = keyPath is null ? file : CertificateFile.Read(keyPath);
        if (keyPath is null && !PemKey.IsIn(file.Text ?? ""))
            throw KeyMissing(all[0], file.Path, "; -CertificateKey names the PEM file that has it");
        X509Certificate2 joined = PemKey.Join(keyFile, all, password);
        foreach (X509Certificate2 itself in all.Where(one => one.RawDataMemory.Span.SequenceEqual(joined.RawDataMemory.Span)).ToArray())
            all.Remove(itself);
        return new OwnCertificate(Persist(joined), all, keyFile.Path);
    }

    /// <summary>On Windows, TLS can't use a key that is in memory only.</summary>
    internal static X509Certificate2 Persist(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return new X509Certificate2(certificate.Export(X509ContentType.Pfx), (string?)null, X509KeyStorageFlags.Exportable);
    }

    private static CertificateException KeyMissing(X509Certificate2? certificate, string source, string wayOut)
    {
        string what = certificate is null ? $"'{source}'" : $"The certificate of {PeerCheck.NameOf(certificate)}";
        return new CertificateException(CertificateProblem.PrivateKeyMissing, source, $"{what} has no private key{wayOut}.");
    }
}
