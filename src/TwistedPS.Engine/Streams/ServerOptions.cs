using System.Net;

namespace TwistedPS.Engine.Streams;

/// <summary>How a server listens.</summary>
internal sealed record ServerOptions : NetworkServiceOptions
{
    /// <summary>Null for a server that only takes connections made in memory.</summary>
    public IPEndPoint? EndPoint { get; init; }

    public int Backlog { get; init; } = 50;

    /// <summary>Null for no limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Null for no limit.</summary>
    public int? MaxConnectionsPerAddress { get; init; }
}
