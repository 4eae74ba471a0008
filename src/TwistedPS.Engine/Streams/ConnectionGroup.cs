using System.Collections;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>
/// A group of connections of a server, such as the members of a channel, which it enumerates. A connection that ends leaves
/// by itself. Members may be used from any thread.
/// </summary>
public sealed class ConnectionGroup : IEnumerable<Connection>
{
    private readonly ConnectionGroups _groups;

    internal ConnectionGroup(ConnectionGroups groups, string name) => (_groups, Name) = (groups, name);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The server of its members.</summary>
    public Server Server => _groups.Server;

    /// <summary>The connections in it, the oldest first.</summary>
    public Connection[] Members => [.. _groups.Table.MembersOf(Name).OrderBy(connection => connection.Id)];

    /// <summary>The number of connections in it.</summary>
    public int Count => _groups.Table.CountOf(Name);

    /// <summary>Adds a connection.</summary>
    /// <returns>False if it is already a member, or has ended.</returns>
    /// <exception cref="ArgumentException">The connection is one of another server.</exception>
    public bool Add(Connection connection) => connection.Owner == Server
        ? _groups.Table.Add(Name, connection)
        : throw new ArgumentException($"{connection} is not a connection of {Server}.", nameof(connection));

    /// <summary>Removes a connection.</summary>
    /// <returns>False if it was not a member.</returns>
    public bool Remove(Connection connection) => _groups.Table.Remove(Name, connection);

    /// <summary>Determines whether a connection is in it.</summary>
    public bool Contains(Connection connection) => _groups.Table.Contains(Name, connection);

    /// <summary>Enumerates the connections that are in it now, the oldest first.</summary>
    public IEnumerator<Connection> GetEnumerator() => ((IEnumerable<Connection>)Members).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Returns the name, on one line.</summary>
    public override string ToString() => VisibleText.Of(Name);
}
