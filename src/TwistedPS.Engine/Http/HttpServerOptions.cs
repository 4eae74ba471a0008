using System.Net;

namespace TwistedPS.Engine.Http;

/// <summary>How an HTTP server listens. The defaults are those of the cmdlet.</summary>
internal sealed record HttpServerOptions
{
    public string? Name { get; init; }

    /// <summary>An IPv4 address, or any; port 0 for a free one.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>A name of that address which requests may ask for besides.</summary>
    public string? HostName { get; init; }

    /// <summary>In bytes; a longer body is answered with 413.</summary>
    public int MaxBodyLength { get; init; } = 1024 * 1024;

    /// <summary>How many requests may be under way at once; more wait in the listener.</summary>
    public int MaxRequests { get; init; } = 100;

    /// <summary>How long a peer has to send its body, and as long to take its answer.</summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for requests that are under way.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);
}
