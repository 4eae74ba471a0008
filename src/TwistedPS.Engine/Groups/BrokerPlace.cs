using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Engine.Groups;

/// <summary>Where a broker is, and the credentials for it.</summary>
/// <param name="Scheme">The scheme of its address, such as <c>nats</c>, in lower case.</param>
/// <param name="Host">Its host.</param>
/// <param name="Port">Its port; -1 for the default one of its kind.</param>
internal sealed record BrokerPlace(string Scheme, string Host, int Port)
{
    private static readonly byte[] s_question = "PING\r\n"u8.ToArray();
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    /// <summary>The user; null for none.</summary>
    public string? User { get; init; }

    /// <summary>The password of the user; without a user, a token; null for neither.</summary>
    public string? Password { get; init; }

    /// <summary>The name of the node, for the broker's own lists.</summary>
    public string Node { get; init; } = "";

    /// <summary>
    /// Connects, and asks what brokers of all kinds answer at once, each in its way. Their clients do not say why they can't
    /// connect, have limits of their own, and wait in vain for a broker of another kind.
    /// </summary>
    /// <param name="defaultPort">The port where the address has none.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <returns>The first letter of the answer; null if none comes in a short time, or none in plain text.</returns>
    /// <exception cref="SocketException">Nobody can be reached there.</exception>
    public async Task<char?> AskAsync(int defaultPort, CancellationToken cancel)
    {
        using Socket socket = await ConnectAsync(defaultPort, cancel).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_patience);
        byte[] first = new byte[1];
        try
        {
            await socket.SendAsync(s_question, limit.Token).ConfigureAwait(false);
            await socket.ReceiveAsync(first, limit.Token).ConfigureAwait(false);
            return first[0] > ' ' ? (char)first[0] : null;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // The client of the broker may have more luck.
            return null;
        }
    }

    /// <summary>Returns whether what is there has a certificate to show, of whoever it is. Nothing else is asked.</summary>
    /// <param name="defaultPort">The port where the address has none.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public async Task<bool> HasTlsAsync(int defaultPort, CancellationToken cancel)
    {
        bool hasCertificate = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_patience);
        try
        {
            using Socket socket = await ConnectAsync(defaultPort, limit.Token).ConfigureAwait(false);
            using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, Refuse);
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = Host }, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            // Each certificate is refused, and nothing needs to be said of what has none.
        }

        return hasCertificate;

        bool Refuse(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            hasCertificate = certificate is not null;
            return false;
        }
    }

    private async Task<Socket> ConnectAsync(int defaultPort, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Host.Trim('[', ']'), Port < 0 ? defaultPort : Port, cancel).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
