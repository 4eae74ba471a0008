using System.Net;

namespace TwistedPS.Engine.Http;

/// <summary>The options of an HTTP server. The defaults are those of the cmdlet.</summary>
internal sealed record HttpServerOptions
{
    public string? Name { get; init; }

    /// <summary>The end point to listen on: an IPv4 address, or any; port 0 for a free one.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Whether it does not listen, and has only requests that are made in memory.</summary>
    public bool IsInMemory { get; init; }

    /// <summary>A name of that address that requests may use as well.</summary>
    public string? HostName { get; init; }

    /// <summary>The longest body in bytes; a longer one is answered with 413.</summary>
    public int MaxBodyLength { get; init; } = 1024 * 1024;

    /// <summary>The largest number of requests that handlers have to answer; more wait with their bodies.</summary>
    public int MaxRequests { get; init; } = 100;

    /// <summary>The largest number of requests in progress, being read and being sent included; more wait in the listener.</summary>
    public int MaxTransfers { get; init; } = 1000;

    /// <summary>The time in which a body need not come at any rate.</summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The lowest rate of a body in bytes a second, from its beginning.</summary>
    public double MinBodyRate { get; init; } = 240;

    /// <summary>The time limit for a peer to take each part of its answer.</summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Those of its WebSockets; null for none.</summary>
    public WebSocketOptions? WebSockets { get; init; }

    /// <summary>The longest time that a stop waits for requests in progress.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);
}
