namespace TwistedPS;

/// <summary>A node of a cluster, as it was when it last said so.</summary>
/// <param name="Name">The name of the node.</param>
/// <param name="Servers">Its servers that were started with a name.</param>
public sealed record ClusterNode(string Name, ClusterServer[] Servers)
{
    /// <summary>The number of open connections of these servers.</summary>
    public int ConnectionCount => Servers.Sum(server => server.ConnectionCount);

    /// <summary>Returns the name, and the servers.</summary>
    public override string ToString() => $"node {Name}: {(Servers.Length == 0 ? "no servers" : string.Join(", ", (object[])Servers))}";
}
