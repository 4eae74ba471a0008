namespace TwistedPS;

/// <summary>
/// Some connections of a server that belong together, such as the members of a channel. One that ends leaves by itself.
/// Members may be used from any thread.
/// </summary>
public sealed class ConnectionGroup
{
    private readonly ConnectionGroups _groups;

    internal ConnectionGroup(ConnectionGroups groups, string name) => (_groups, Name) = (groups, name);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The server of its members.</summary>
    public Server Server => _groups.Server;

    /// <summary>The connections in it, the oldest first.</summary>
    public Connection[] Members => [.. _groups.Table.MembersOf(Name).OrderBy(connection => connection.Id)];

    /// <summary>How many there are.</summary>
    public int Count => _groups.Table.CountOf(Name);

    /// <summary>Takes a connection in.</summary>
    /// <returns>False if it is in already, or has ended.</returns>
    /// <exception cref="ArgumentException">It is a connection of another server.</exception>
    public bool Add(Connection connection) => connection.Owner == Server
        ? _groups.Table.Add(Name, connection)
        : throw new ArgumentException($"{connection} is not a connection of {Server}.", nameof(connection));

    /// <summary>Lets a connection go.</summary>
    /// <returns>False if it is not in it.</returns>
    public bool Remove(Connection connection) => _groups.Table.Remove(Name, connection);

    /// <summary>Whether a connection is in it.</summary>
    public bool Contains(Connection connection) => _groups.Table.Contains(Name, connection);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
