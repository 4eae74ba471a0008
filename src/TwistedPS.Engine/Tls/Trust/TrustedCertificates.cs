using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Engine.Tls;

/// <summary>The certificates that peers are checked against.</summary>
internal static class TrustedCertificates
{
    /// <summary>Loads the certificates of a PEM bundle, a DER or a PFX file, or of all files of a folder whose names end in .pem.</summary>
    /// <exception cref="CertificateException">It can't be used: see the message.</exception>
    public static X509Certificate2Collection Load(string path)
    {
        if (Directory.Exists(path))
            return [.. Directory.EnumerateFiles(path, "*.pem").SelectMany(Load)];
        CertificateFile file = CertificateFile.Read(path);
        return file.IsPfx ? file.ReadPfx(null) : file.ReadCertificates();
    }
}
