using System.Security.Authentication;
using System.Security.Cryptography;

namespace TwistedPS.Engine.Tls;

/// <summary>Errors of handshakes in words that say what is wrong.</summary>
internal static class HandshakeErrors
{
    /// <summary>
    /// Returns the error that says why a handshake has failed. .NET's own may say only that it has, with the reason in the
    /// innermost one.
    /// </summary>
    /// <param name="error">The error of .NET.</param>
    /// <param name="first">The first byte of the peer; null if none has come.</param>
    public static Exception Explain(AuthenticationException error, byte? first)
    {
        if (first is { } begin && !TlsRecord.MayBegin(begin))
            return new AuthenticationException("The peer does not speak TLS here.", error);
        Exception innermost = error.GetBaseException();
        return innermost == error || !error.Message.Contains("inner exception", StringComparison.Ordinal)
            ? error
            : new AuthenticationException(Words(innermost), error);
    }

    /// <summary>Returns what OpenSSL says, without its numbers, as in <c>error:0A000102:SSL routines::unsupported protocol</c>.</summary>
    private static string Words(Exception error) =>
        error is CryptographicException && error.Message.LastIndexOf("::", StringComparison.Ordinal) is var at and >= 0
            ? $"TLS says: {error.Message[(at + 2)..]}."
            : error.Message;
}
