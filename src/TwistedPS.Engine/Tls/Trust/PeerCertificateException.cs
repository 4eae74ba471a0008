using System.Security.Authentication;

namespace TwistedPS.Engine.Tls;

/// <summary>A peer's certificate was refused.</summary>
/// <param name="problem">The first reason.</param>
/// <param name="message">All reasons.</param>
internal sealed class PeerCertificateException(PeerCertificateProblem problem, string message) : AuthenticationException(message)
{
    public PeerCertificateProblem Problem { get; } = problem;
}
