namespace TwistedPS;

/// <summary>A server of a node that was started with a name, as the other nodes know it.</summary>
/// <param name="Kind">Its type, such as LineServer.</param>
/// <param name="Name">Its name.</param>
/// <param name="ConnectionCount">The number of its open connections.</param>
public sealed record ClusterServer(string Kind, string Name, int ConnectionCount)
{
    /// <summary>Returns its name, its type, and the number of its connections.</summary>
    public override string ToString() => $"{Name} ({Kind}, {ConnectionCount})";
}
