using System.Collections;
using TwistedPS.Engine.Groups;

namespace TwistedPS;

/// <summary>
/// The groups of a server by name: <c>$Server.Groups['#go'].Add($Connection)</c>. Any name will do; a group is listed, and
/// takes memory, only while it has members. Names are case-sensitive. Members may be used from any thread.
/// </summary>
public sealed class ConnectionGroups : IEnumerable<ConnectionGroup>
{
    internal ConnectionGroups(Server server) => Server = server;

    internal Server Server { get; }

    internal MemberTable<Connection> Table { get; } = new(connection => connection.Status != ConnectionStatus.Closed);

    /// <summary>The group of this name.</summary>
    public ConnectionGroup this[string name] => new(this, name);

    /// <summary>Enumerates the groups that have members.</summary>
    public IEnumerator<ConnectionGroup> GetEnumerator() => Table.Names.Select(name => this[name]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Returns the server and the number of the groups that have members.</summary>
    public override string ToString() => $"groups of {Server}: {Table.Names.Length}";
}
