using System.Globalization;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Engine.Tls;

/// <summary>Decides whether a peer's certificate is accepted. .NET has built its chain and checked its name before.</summary>
internal sealed class PeerCheck
{
    // .NET says no more to whoever waits for the handshake than that a certificate was refused.
    private static readonly ConditionalWeakTable<object, PeerCertificateException> s_refusals = new();

    /// <summary>The name of the server that a client wants; null on a server.</summary>
    public string? Host { get; init; }

    /// <summary>Whether a peer without a certificate is accepted.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether any certificate is accepted.</summary>
    public bool AcceptsAny { get; init; }

    public RevocationLists? Revoked { get; init; }

    /// <summary>Returns why the certificate of a stream's peer was refused; null if it was not.</summary>
    public static PeerCertificateException? RefusalOf(SslStream stream) =>
        s_refusals.TryGetValue(stream, out PeerCertificateException? refusal) ? refusal : null;

    /// <summary>The name for people of whom a certificate is for.</summary>
    public static string NameOf(X509Certificate2 certificate) => $"'{SimpleName(certificate, issuer: false)}'";

    /// <summary>The callback for .NET.</summary>
    public bool Accepts(object stream, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (AcceptsAny || FindRefusal(certificate as X509Certificate2, chain, errors) is not { } refusal)
            return true;
        s_refusals.AddOrUpdate(stream, refusal);
        return false;
    }

    private PeerCertificateException? FindRefusal(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            string peer = Host is null ? "client" : "server";
            return IsOptional ? null : new PeerCertificateException(PeerCertificateProblem.CertificateMissing, $"The {peer} has given no certificate.");
        }

        if (errors == SslPolicyErrors.None && Revoked is null)
            return null;
        var problems = new SortedDictionary<PeerCertificateProblem, string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            problems[PeerCertificateProblem.CertificateNameMismatch] = $"it is for {NamesOf(certificate)}, not for '{Host}'";
        X509ChainElement[] elements = chain is null ? [] : [.. chain.ChainElements];
        foreach (X509ChainElement element in elements)
            Describe(element, element.Certificate.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span), problems);
        if (chain is not null && Array.Exists(chain.ChainStatus, status => status.Status == X509ChainStatusFlags.PartialChain))
            problems[PeerCertificateProblem.CertificateUntrusted] = DescribeUntrusted(certificate, elements);
        if (Revoked?.Find([.. elements.Select(element => element.Certificate)]) is { } revoked)
            problems[PeerCertificateProblem.CertificateRevoked] = revoked;
        if (problems.Count == 0 && errors != SslPolicyErrors.None)
            problems[PeerCertificateProblem.CertificateInvalid] = $"{errors}";
        return problems.Count == 0 ? null : new PeerCertificateException(
            problems.Keys.First(), $"The certificate of {NameOf(certificate)} was refused: {string.Join("; ", problems.Values)}.");

        void Describe(X509ChainElement element, bool isPeer, SortedDictionary<PeerCertificateProblem, string> found)
        {
            string which = isPeer ? "it" : $"its issuer {NameOf(element.Certificate)}";
            foreach (X509ChainStatus status in element.ChainElementStatus)
            {
                (PeerCertificateProblem problem, string words) = status.Status switch
                {
                    X509ChainStatusFlags.NotTimeValid when element.Certificate.NotBefore > DateTime.Now =>
                        (PeerCertificateProblem.CertificateNotYetValid, $"{which} is not valid before {Date(element.Certificate.NotBefore)}"),
                    X509ChainStatusFlags.NotTimeValid =>
                        (PeerCertificateProblem.CertificateExpired, $"{which} expired on {Date(element.Certificate.NotAfter)}"),
                    X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain =>
                        (PeerCertificateProblem.CertificateUntrusted, DescribeUntrusted(certificate, elements)),
                    _ => (PeerCertificateProblem.CertificateInvalid, $"{which} is not usable ({status.Status})"),
                };
                found.TryAdd(problem, words);
            }
        }
    }

    private static string DescribeUntrusted(X509Certificate2 certificate, X509ChainElement[] elements)
    {
        X509Certificate2 last = elements.Length > 0 ? elements[^1].Certificate : certificate;
        bool isSelfSigned = last.SubjectName.RawData.AsSpan().SequenceEqual(last.IssuerName.RawData);
        return isSelfSigned switch
        {
            true when elements.Length <= 1 => "it is self-signed and not trusted",
            true => $"its root {NameOf(last)} is not trusted",
            false => $"its issuer '{SimpleName(last, issuer: true)}' is unknown",
        };
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        X509SubjectAlternativeNameExtension? names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] all = [.. names?.EnumerateDnsNames() ?? [], .. names?.EnumerateIPAddresses().Select(address => $"{address}") ?? []];
        return all.Length == 0 ? NameOf(certificate) : string.Join(", ", all.Select(name => $"'{name}'"));
    }

    private static string SimpleName(X509Certificate2 certificate, bool issuer) =>
        certificate.GetNameInfo(X509NameType.SimpleName, issuer) is { Length: > 0 } name
            ? name
            : (issuer ? certificate.Issuer : certificate.Subject);

    private static string Date(DateTime time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
