namespace TwistedPS;

// Who may connect, and what it says of its policies and of its page of metrics.
public abstract partial class Server
{
    /// <summary>The bytes a second of all its connections together, each way; null for no limit.</summary>
    public int? ServerBytesPerSecond => _options.ServerBytesPerSecond;

    /// <summary>The ranges of addresses from which connections are accepted; none for all.</summary>
    public string[] AllowAddress => [.. _options.Addresses.Allowed.Select(range => range.ToString())];

    /// <summary>The ranges of addresses from which no connections are accepted.</summary>
    public string[] DenyAddress => [.. _options.Addresses.Denied.Select(range => range.ToString())];

    /// <summary>The number of connections refused for being over a limit, or for their addresses.</summary>
    public int RefusedConnections => _parts.Sum(part => part.Refused.Count);

    /// <summary>The port of the page with the metrics of this process that it keeps open; null for none.</summary>
    public int? MetricsPort => MetricsPagePort;

    /// <summary>Encodes a text as a handler's output of it would be.</summary>
    /// <exception cref="InvalidMessageException">The framing can't carry it.</exception>
    private protected abstract ReadOnlyMemory<byte> Encode(string text);

    // A peer that expects TLS would not understand it, and a handshake is more than a refused one is worth.
    private ReadOnlyMemory<byte> EncodeRefusal() =>
        _options is { RefusedMessage: { } text, Tls: not { OnRequest: false } } ? Encode(text) : default;

    /// <returns>The words for the log; null if it has a place.</returns>
    private string? WhyRefused(Address peer) =>
        !_options.Addresses.Allows(peer) ? "Address not allowed. bye !"
        : Status != ServerStatus.Running || !_limit.TryEnter(peer) ? "Too many connections. bye !"
        : null;
}
