using System.Management.Automation;
using System.Security.Authentication;
using TwistedPS.Engine.Tls;

namespace TwistedPS;

// Those of TLS.
internal static partial class Errors
{
    public static ErrorRecord CertificateUnusable(CertificateException error) => Make(
        $"{error.Problem}",
        error.Problem switch
        {
            CertificateProblem.CertificateNotFound => ErrorCategory.ObjectNotFound,
            CertificateProblem.CertificatePasswordInvalid => ErrorCategory.AuthenticationError,
            _ => ErrorCategory.InvalidData,
        },
        error.Certificate,
        error.Message,
        error);

    public static ErrorRecord CertificateNotMade(string subject, Exception error) =>
        Make("CertificateNotMade", ErrorCategory.InvalidArgument, subject, $"No certificate for '{subject}': {error.Message}", error);

    public static ErrorRecord CertificateNotWritten(string path, Exception error) =>
        Make("CertificateNotWritten", ErrorCategory.WriteError, path, $"'{path}' can't be written: {error.Message}", error);

    public static ErrorRecord StartTlsFailed(Exception error, Client client) => error switch
    {
        AuthenticationException handshake => HandshakeFailed(handshake, client.ToString()),
        TimeoutException => Make("HandshakeTimeout", ErrorCategory.OperationTimeout, client, error.Message, error),
        InvalidOperationException => Make("TlsImpossible", ErrorCategory.InvalidOperation, client, error.Message, error),
        _ => Make("HandshakeFailed", ErrorCategory.ConnectionError, client, $"No TLS with {client}: {error.Message}", error),
    };

    /// <param name="error">The error of the handshake.</param>
    /// <param name="where">The server.</param>
    public static ErrorRecord HandshakeFailed(AuthenticationException error, string where) => error is PeerCertificateException peer
        ? Make(
            $"{peer.Problem}",
            ErrorCategory.SecurityError,
            where,
            $"No TLS with {where}. {peer.Message}" + peer.Problem switch
            {
                PeerCertificateProblem.CertificateUntrusted => " -TrustedCertificate names what is to be trusted.",
                PeerCertificateProblem.CertificateNameMismatch => " -TlsHost gives the name to expect.",
                _ => "",
            },
            error)
        : Make("HandshakeFailed", ErrorCategory.SecurityError, where, $"No TLS with {where}: {error.Message}", error);
}
