using TwistedPS.Engine.Policies;
using TwistedPS.Engine.Tls;

namespace TwistedPS.Engine.Streams;

/// <summary>The options of a server.</summary>
internal sealed record ServerOptions : NetworkServiceOptions
{
    /// <summary>The address to listen on; memory for a server that accepts only connections made there.</summary>
    public Address Address { get; init; } = Address.Memory;

    public int Backlog { get; init; } = 512;

    /// <summary>The mode of the file of a UNIX socket; null leaves it to the mask of the process.</summary>
    public UnixFileMode? FileMode { get; init; }

    /// <summary>The largest number of open connections; null for no limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>
    /// The largest number of open connections from one address, or at a UNIX socket from one user; null for no limit.
    /// </summary>
    public int? MaxConnectionsPerAddress { get; init; }

    /// <summary>The addresses from which connections are accepted.</summary>
    public AddressList Addresses { get; init; } = AddressList.Everybody;

    /// <summary>The text for a peer that is refused; null for none.</summary>
    public string? RefusedMessage { get; init; }

    /// <summary>The bytes a second of all connections together, each way; null for no limit.</summary>
    public int? ServerBytesPerSecond { get; init; }

    public override int? TotalBytesPerSecond => ServerBytesPerSecond;

    /// <summary>The TLS of its connections; null for plain text.</summary>
    public TlsServerSettings? Tls { get; init; }

    public override ITlsSettings? TlsSettings => Tls;

    /// <summary>The cluster that a server with a name is in.</summary>
    public ReactorCluster Cluster { get; init; } = ReactorCluster.Current;
}
