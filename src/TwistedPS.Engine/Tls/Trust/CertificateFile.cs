using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TwistedPS.Engine.Tls;

/// <summary>The content of a file of certificates or keys: PEM text, or PFX or DER bytes.</summary>
internal sealed class CertificateFile
{
    private readonly byte[] _content;

    private CertificateFile(string path, byte[] content)
    {
        Path = path;
        _content = content;
        Text = content.AsSpan().IndexOf("-----BEGIN "u8) >= 0 ? Encoding.UTF8.GetString(content) : null;
    }

    public string Path { get; }

    /// <summary>The text of a PEM file; null for anything else.</summary>
    public string? Text { get; }

    public bool IsPfx
    {
        get
        {
            try
            {
                return Text is null && X509Certificate2.GetCertContentType(_content) == X509ContentType.Pfx;
            }
            catch (CryptographicException)
            {
                return false;
            }
        }
    }

    /// <summary>The bytes of each block of PEM with a label, or the content itself if it is not PEM.</summary>
    public IEnumerable<byte[]> Blocks(string label)
    {
        if (Text is null)
            return [_content];
        var blocks = new List<byte[]>();
        for (ReadOnlySpan<char> rest = Text; PemEncoding.TryFind(rest, out PemFields found); rest = rest[found.Location.End..])
        {
            if (rest[found.Label].SequenceEqual(label))
                blocks.Add(Convert.FromBase64String(rest[found.Base64Data].ToString()));
        }

        return blocks;
    }

    /// <exception cref="CertificateException">There is no such file, it can't be read, or it is empty.</exception>
    public static CertificateFile Read(string path)
    {
        try
        {
            byte[] content = File.ReadAllBytes(path);
            return content.Length > 0 ? new CertificateFile(path, content) : throw Unreadable(path, "is empty");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CertificateException(CertificateProblem.CertificateNotFound, path, $"There is no file '{path}'.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, $"can't be read: {e.Message}", e);
        }
    }

    /// <summary>The certificates of a PEM or DER file, without private keys.</summary>
    /// <exception cref="CertificateException">There is none, or one is damaged.</exception>
    public X509Certificate2Collection ReadCertificates()
    {
        var found = new X509Certificate2Collection();
        try
        {
            if (Text is not null)
                found.ImportFromPem(Text);
            else
                found.Add(new X509Certificate2(_content));
        }
        catch (CryptographicException e)
        {
            throw Unreadable(Path, $"has no certificate that can be read: {e.Message}", e);
        }

        return found.Count > 0 ? found : throw Unreadable(Path, "has no certificate in it");
    }

    /// <summary>The certificates of a PFX file, with their private keys.</summary>
    /// <exception cref="CertificateException">The password is not the right one.</exception>
    public X509Certificate2Collection ReadPfx(string? password)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.Import(_content, password, X509KeyStorageFlags.DefaultKeySet);
            return found;
        }
        catch (CryptographicException e)
        {
            string message = password is null
                ? $"'{Path}' can't be opened without its password; -CertificatePassword gives it."
                : $"'{Path}' can't be opened with this password.";
            throw new CertificateException(CertificateProblem.CertificatePasswordInvalid, Path, message, e);
        }
    }

    public CertificateException Unreadable(string what, Exception? cause = null) => Unreadable(Path, what, cause);

    private static CertificateException Unreadable(string path, string what, Exception? cause = null) =>
        new(CertificateProblem.CertificateUnreadable, path, $"'{path}' {what}.".Replace("..", ".", StringComparison.Ordinal), cause);
}
