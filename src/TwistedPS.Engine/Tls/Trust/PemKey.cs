using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Engine.Tls;

/// <summary>The private key of a PEM file: PKCS#8, encrypted or not, or the older forms of RSA and of elliptic curves.</summary>
internal static class PemKey
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";

    /// <summary>Whether there is a private key in the text, which may be one that can't be read.</summary>
    public static bool IsIn(string text) => text.Contains("PRIVATE KEY-----", StringComparison.Ordinal);

    /// <summary>Finds the certificate that the key of a file belongs to, and gives it that key.</summary>
    /// <param name="file">The file of the key.</param>
    /// <param name="certificates">The certificates, one of which it is for.</param>
    /// <param name="password">The password of an encrypted key.</param>
    /// <exception cref="CertificateException">There is no such key, it can't be read, or is for no such certificate.</exception>
    public static X509Certificate2 Join(CertificateFile file, X509Certificate2Collection certificates, string? password)
    {
        string text = file.Text ?? throw file.Unreadable("has no private key in PEM form");
        if (!IsIn(text))
            throw new CertificateException(CertificateProblem.PrivateKeyMissing, file.Path, $"'{file.Path}' has no private key in it.");
        if (text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            throw file.Unreadable($"has a key in an old encrypted form; 'openssl pkcs8 -topk8 -in {Path.GetFileName(file.Path)}' writes it in one that can be read");
        bool isEncrypted = text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
        if (isEncrypted && password is null)
        {
            throw new CertificateException(
                CertificateProblem.CertificatePasswordInvalid, file.Path, $"The private key in '{file.Path}' is encrypted; -CertificatePassword gives its password.");
        }

        foreach (X509Certificate2 certificate in certificates)
        {
            if (TryJoin(file, certificate, isEncrypted ? password : null) is { } joined)
                return joined;
        }

        throw new CertificateException(
            CertificateProblem.PrivateKeyMismatch,
            file.Path,
            $"The private key in '{file.Path}' does not belong to the certificate of {PeerCheck.NameOf(certificates[0])}.");
    }

    /// <returns>Null if the key is one of another certificate.</returns>
    private static X509Certificate2? TryJoin(CertificateFile file, X509Certificate2 certificate, string? password)
    {
        switch (certificate.GetKeyAlgorithm())
        {
            case Rsa:
                using (var rsa = RSA.Create())
                    return TryImport(file, rsa, password) ? TryJoin(() => certificate.CopyWithPrivateKey(rsa)) : null;
            case EllipticCurve:
                using (var ec = ECDsa.Create())
                    return TryImport(file, ec, password) ? TryJoin(() => certificate.CopyWithPrivateKey(ec)) : null;
            case var other:
                throw file.Unreadable($"is for a key of a kind that is not supported ({new Oid(other).FriendlyName ?? other}); use RSA or ECDSA");
        }
    }

    private static X509Certificate2? TryJoin(Func<X509Certificate2> join)
    {
        try
        {
            return join();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <returns>False if the key is for another algorithm.</returns>
    private static bool TryImport(CertificateFile file, AsymmetricAlgorithm key, string? password)
    {
        try
        {
            if (password is null)
                key.ImportFromPem(file.Text);
            else
                key.ImportFromEncryptedPem(file.Text, password);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (CryptographicException) when (password is null && IsForAnotherAlgorithm(file, key))
        {
            return false;
        }
        catch (CryptographicException e) when (password is not null)
        {
            throw new CertificateException(
                CertificateProblem.CertificatePasswordInvalid, file.Path, $"The private key in '{file.Path}' can't be opened with this password.", e);
        }
        catch (CryptographicException e)
        {
            throw file.Unreadable($"has a private key that can't be read: {e.Message}", e);
        }
    }

    private static bool IsForAnotherAlgorithm(CertificateFile file, AsymmetricAlgorithm key)
    {
        using AsymmetricAlgorithm other = key is RSA ? ECDsa.Create() : RSA.Create();
        try
        {
            other.ImportFromPem(file.Text);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
