namespace TwistedPS.Engine.Tls;

/// <summary>What is wrong with a certificate, a key or a list that was given; also the id of the error that says so.</summary>
internal enum CertificateProblem
{
    /// <summary>There is no such file.</summary>
    CertificateNotFound,

    /// <summary>The file can't be read, is empty, or has nothing in it that is needed.</summary>
    CertificateUnreadable,

    /// <summary>The private key or the PFX file needs a password, or another one.</summary>
    CertificatePasswordInvalid,

    /// <summary>There is no private key for the certificate.</summary>
    PrivateKeyMissing,

    /// <summary>The private key is one of another certificate.</summary>
    PrivateKeyMismatch,

    /// <summary>A key or a password was given for a certificate that has its own.</summary>
    PrivateKeyMisplaced,

    /// <summary>The file is no revocation list, or one that can't be checked.</summary>
    RevocationListUnreadable,

    /// <summary>The certificate that is to sign another one can't.</summary>
    IssuerUnusable,
}
