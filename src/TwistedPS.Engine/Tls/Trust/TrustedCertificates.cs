using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Engine.Tls;

/// <summary>The certificates that peers are checked against.</summary>
internal static class TrustedCertificates
{
    /// <summary>Loads the certificates of a PEM bundle, a DER or a PFX file.</summary>
    /// <exception cref="CertificateException">It can't be used: see the message.</exception>
    public static X509Certificate2Collection Load(string path)
    {
        CertificateFile file = CertificateFile.Read(path);
        return file.IsPfx ? file.ReadPfx(null) : file.ReadCertificates();
    }
}
