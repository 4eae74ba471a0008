namespace TwistedPS.Engine.Tls;

/// <summary>
/// The reason why a peer's certificate is refused, in the order in which the first one counts; also the id of the error.
/// </summary>
internal enum PeerCertificateProblem
{
    /// <summary>The peer has given none.</summary>
    CertificateMissing,

    /// <summary>It, or one that it depends on, is in a revocation list.</summary>
    CertificateRevoked,

    /// <summary>It, or one that it depends on, has expired.</summary>
    CertificateExpired,

    /// <summary>It, or one that it depends on, is not valid yet.</summary>
    CertificateNotYetValid,

    /// <summary>It is for other names.</summary>
    CertificateNameMismatch,

    /// <summary>It is self-signed, or its root is unknown.</summary>
    CertificateUntrusted,

    /// <summary>Anything else, such as a certificate for another purpose.</summary>
    CertificateInvalid,
}
