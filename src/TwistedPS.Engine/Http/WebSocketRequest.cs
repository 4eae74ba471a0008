using System.Net;

namespace TwistedPS.Engine.Http;

/// <summary>A request that may be one for a WebSocket.</summary>
internal sealed class WebSocketRequest(HttpListenerRequest request, WebSocketOptions options)
{
    private const string ProtocolHeader = "Sec-WebSocket-Protocol";
    private const string Version = "13";
    private const int KeyLength = 16;

    /// <summary>Whether it would open one here.</summary>
    public bool IsHandshake => request.IsWebSocketRequest && (options.Path is null || Uri.UnescapeDataString(request.Url!.AbsolutePath) == options.Path);

    /// <summary>The page that it comes from, if that is not allowed; null otherwise.</summary>
    public string? ForbiddenOrigin => request.Headers["Origin"] is { } origin && !options.Origins.Allow(origin, request.UserHostName) ? origin : null;

    /// <summary>Whether it is of the only version that there is.</summary>
    public bool HasVersion => request.Headers["Sec-WebSocket-Version"] == Version;

    /// <summary>Whether it has what the answer is made from.</summary>
    public bool HasKey
    {
        get
        {
            Span<byte> key = stackalloc byte[KeyLength];
            return Convert.TryFromBase64String(request.Headers["Sec-WebSocket-Key"] ?? "", key, out int length) && length == KeyLength;
        }
    }

    /// <summary>Agrees on a subprotocol.</summary>
    /// <returns>The server's first that the peer offers; null for none.</returns>
    public string? AgreeOnProtocol()
    {
        string[] offered = request.Headers[ProtocolHeader]?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        string? agreed = options.Protocols.FirstOrDefault(offered.Contains);

        // The listener would answer an offer without an agreement with an empty header, which no browser understands.
        if (agreed is null)
            request.Headers.Remove(ProtocolHeader);
        return agreed;
    }
}
