using System.Net.Sockets;

namespace TwistedPS.Engine.Groups;

/// <summary>Where a broker is, and the credentials for it.</summary>
/// <param name="Scheme">The scheme of its address, such as <c>nats</c>, in lower case.</param>
/// <param name="Host">Its host.</param>
/// <param name="Port">Its port; -1 for the default one of its kind.</param>
internal sealed record BrokerPlace(string Scheme, string Host, int Port)
{
    /// <summary>The user; null for none.</summary>
    public string? User { get; init; }

    /// <summary>The password of the user; without a user, a token; null for neither.</summary>
    public string? Password { get; init; }

    /// <summary>The name of the node, for the broker's own lists.</summary>
    public string Node { get; init; } = "";

    /// <summary>
    /// Connects, and closes the connection. The clients of brokers do not say why they can't connect, and have limits of
    /// their own.
    /// </summary>
    /// <param name="defaultPort">The port where the address has none.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="SocketException">Nobody can be reached there.</exception>
    public async Task ReachAsync(int defaultPort, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Host.Trim('[', ']'), Port < 0 ? defaultPort : Port, cancel).ConfigureAwait(false);
    }
}
