using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Engine.Tls;

/// <summary>The revocation lists that peers are checked against. Thread-safe.</summary>
internal sealed class RevocationLists
{
    private readonly List<RevocationList> _lists = [];
    private readonly ConcurrentDictionary<(RevocationList List, string Issuer), bool> _signed = new();

    /// <summary>Warnings about lists that are out of date.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <param name="paths">PEM files, each with one list or more, or DER files.</param>
    /// <exception cref="CertificateException">One is no list, or one that can't be checked.</exception>
    public RevocationLists(IEnumerable<string> paths)
    {
        var warnings = new List<string>();
        foreach (string path in paths)
        {
            RevocationList[] found = Load(path);
            _lists.AddRange(found);
            warnings.AddRange(found.Where(list => list.NextUpdate < DateTimeOffset.UtcNow).Select(list =>
                $"The revocation list in '{path}' is out of date: a newer one was due on {list.NextUpdate:yyyy-MM-dd}."));
        }

        Warnings = warnings;
    }

    /// <summary>Returns why a chain is refused: the certificate in a list, or the one whose list is not what it should be.</summary>
    /// <param name="chain">The chain, from the peer's certificate on.</param>
    /// <returns>The words for it; null if no certificate is in a list.</returns>
    public string? Find(IReadOnlyList<X509Certificate2> chain)
    {
        for (int i = 0; i + 1 < chain.Count; i++)
        {
            (X509Certificate2 certificate, X509Certificate2 issuer) = (chain[i], chain[i + 1]);
            RevocationList[] lists = [.. _lists.Where(list => list.IsFor(certificate))];
            string which = i == 0 ? "it" : $"its issuer {PeerCheck.NameOf(certificate)}";
            if (Array.Exists(lists, list => IsSigned(list, issuer) && list.Has(certificate)))
                return $"{which} was revoked by {PeerCheck.NameOf(issuer)}";
            if (lists.Length > 0 && !Array.Exists(lists, list => IsSigned(list, issuer)))
                return $"{which} may be revoked: the revocation list of {PeerCheck.NameOf(issuer)} is not signed by it";
        }

        return null;
    }

    private bool IsSigned(RevocationList list, X509Certificate2 issuer) =>
        _signed.GetOrAdd((list, issuer.Thumbprint), key => list.IsSignedBy(issuer));

    private static RevocationList[] Load(string path)
    {
        CertificateFile file = CertificateFile.Read(path);
        try
        {
            RevocationList[] lists = [.. file.Blocks("X509 CRL").Select(der => new RevocationList(der))];
            return lists.Length > 0 ? lists : throw Unreadable(path, "there is none in it");
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or NotSupportedException)
        {
            throw Unreadable(path, e.Message, e);
        }
    }

    private static CertificateException Unreadable(string path, string why, Exception? cause = null) =>
        new(CertificateProblem.RevocationListUnreadable, path, $"'{path}' can't be used as a revocation list: {why}", cause);
}
