using TwistedPS.Engine.Policies;

namespace TwistedPS.Engine.Http;

/// <summary>The options of the WebSockets of an HTTP server.</summary>
internal sealed record WebSocketOptions
{
    /// <summary>The server whose connections they become.</summary>
    public required Server Server { get; init; }

    /// <summary>Whether that server starts and stops with the HTTP server.</summary>
    public bool IsOwned { get; init; }

    /// <summary>The path of the requests that open one; null for any.</summary>
    public string? Path { get; init; }

    /// <summary>The subprotocols to agree on, the preferred first.</summary>
    public string[] Protocols { get; init; } = [];

    public AllowedOrigins Origins { get; init; } = AllowedOrigins.Own;
}
