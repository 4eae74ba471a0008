using System.Net;
using System.Net.Security;

namespace TwistedPS.Bench;

/// <summary>A connection over TLS, which blocks.</summary>
internal sealed class TlsConnection : IDisposable
{
    private readonly SslStream _stream;

    private TlsConnection(SslStream stream) => _stream = stream;

    /// <param name="endPoint">The server.</param>
    /// <param name="resumes">Whether it resumes a session, if there has been one.</param>
    public static TlsConnection Open(EndPoint endPoint, bool resumes)
    {
        var stream = new SslStream(new SocketStream(Connecting.Connect(endPoint)));
        try
        {
            stream.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = TlsFiles.Name,
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
                AllowTlsResume = resumes,
            });
            return new TlsConnection(stream);
        }
        catch (System.Security.Authentication.AuthenticationException e)
        {
            stream.Dispose();
            throw new IOException(e.Message, e);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    /// <exception cref="IOException">The stream has ended.</exception>
    public int Receive(byte[] buffer)
    {
        int count = _stream.Read(buffer);
        return count > 0 ? count : throw new IOException("The server has closed a connection.");
    }

    /// <summary>Says that it ends.</summary>
    public void Close()
    {
        _stream.ShutdownAsync().GetAwaiter().GetResult();
        Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
