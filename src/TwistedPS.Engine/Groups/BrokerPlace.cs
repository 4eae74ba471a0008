using System.Net.Sockets;

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
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Host.Trim('[', ']'), Port < 0 ? defaultPort : Port, cancel).ConfigureAwait(false);
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
}
