namespace TwistedPS.Engine.Streams;

/// <summary>How a server listens.</summary>
internal sealed record ServerOptions : NetworkServiceOptions
{
    /// <summary>Memory for a server that only accepts connections made there.</summary>
    public Address Address { get; init; } = Address.Memory;

    public int Backlog { get; init; } = 50;

    /// <summary>Null for no limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Null for no limit.</summary>
    public int? MaxConnectionsPerAddress { get; init; }
}
