using TwistedPS.Engine.Streams;

namespace TwistedPS;

/// <content>The part of a server in what those of the same name on other nodes send to all.</content>
public abstract partial class Server
{
    /// <summary>Sends bytes to all connections or to those of a group, on this node and on the others. Does not wait.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="messages">The number of messages in them.</param>
    /// <param name="group">The group; null for all.</param>
    /// <param name="except">The connections of this node to leave out.</param>
    internal void Broadcast(ReadOnlyMemory<byte> bytes, int messages, ConnectionGroup? group, IReadOnlyCollection<Connection> except)
    {
        Broadcast(bytes, messages, () => except.Count == 0 ? ReceiversIn(group) : ReceiversIn(group).Except(except));
        _shared?.Send(bytes, messages, group?.Name);
    }

    // Servers that were given no name have numbers, by which those of other nodes are not the same.
    private SharedBroadcasts? Share(ServerOptions options) => options.Name is null ? null : new SharedBroadcasts(this, options.Cluster, GetType().Name)
    {
        Received = (bytes, messages, group) =>
            Broadcast(bytes, messages, () => ReceiversIn(group is null ? null : Groups[group])),
    };

    private Connection[] ReceiversIn(ConnectionGroup? group) => group?.Members ?? InOrder;
}
