using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Tests;

/// <summary>A handshake between two streams of .NET, with the settings of a server and a client.</summary>
internal sealed class SslStreamPair
{
    /// <summary>Why the server has refused the client; null if it has not.</summary>
    public PeerCertificateException? ClientRefusal { get; private set; }

    /// <summary>Why the client has refused the server; null if it has not.</summary>
    public PeerCertificateException? ServerRefusal { get; private set; }

    /// <summary>The certificate that the client has got, and the protocol that it has agreed on.</summary>
    public X509Certificate2? ServerCertificate { get; private set; }

    public string Protocol { get; private set; } = "";

    public SslProtocols Version { get; private set; }

    public bool Succeeded { get; private set; }

    public static async Task<SslStreamPair> Make(ServerTlsChoices server, ClientTlsChoices client)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var near = new TcpClient();
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using TcpClient far = await listener.AcceptTcpClientAsync();
        using var clientStream = new SslStream(near.GetStream());
        using var serverStream = new SslStream(far.GetStream());
        TlsServerSettings serverSettings = server.ToSettings();
        Task<bool> serving = Finish(near, far, serverStream.AuthenticateAsServerAsync(
            (_, hello, _, _) => ValueTask.FromResult(serverSettings.ForServerName?.Invoke(hello.ServerName) ?? serverSettings.Options), null));
        Task<bool> connecting = Finish(near, far, clientStream.AuthenticateAsClientAsync(client.ToSettings().Options));
        bool[] succeeded = await Task.WhenAll(serving, connecting).Soon();
        return new SslStreamPair
        {
            Succeeded = succeeded.All(it => it),
            ClientRefusal = PeerCheck.RefusalOf(serverStream),
            ServerRefusal = PeerCheck.RefusalOf(clientStream),
            ServerCertificate = succeeded[1] ? new X509Certificate2(clientStream.RemoteCertificate!) : null,
            Protocol = succeeded[1] ? $"{clientStream.NegotiatedApplicationProtocol}" : "",
            Version = succeeded[1] ? clientStream.SslProtocol : SslProtocols.None,
        };
    }

    private static async Task<bool> Finish(TcpClient near, TcpClient far, Task handshake)
    {
        try
        {
            await handshake;
            return true;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or ObjectDisposedException)
        {
            // The other side waits no longer.
            near.Close();
            far.Close();
            return false;
        }
    }
}
