namespace TwistedPS.Engine.Tls;

/// <summary>A certificate, a key or a list that was given can't be used.</summary>
/// <param name="problem">What is wrong with it.</param>
/// <param name="source">The file, or the certificate's name.</param>
/// <param name="message">The words for it.</param>
/// <param name="cause">The error behind it, if any.</param>
internal sealed class CertificateException(CertificateProblem problem, string source, string message, Exception? cause = null)
    : Exception(message, cause)
{
    public CertificateProblem Problem { get; } = problem;

    /// <summary>The file, or the certificate's name.</summary>
    public string Certificate { get; } = source;
}
