using System.Collections;

namespace TwistedPS;

/// <summary>
/// The groups of a server by name: <c>$Server.Groups['#go'].Add($Connection)</c>. Any name will do; a group is listed, and
/// takes memory, while it has members. Names are case-sensitive. Members may be used from any thread.
/// </summary>
public sealed class ConnectionGroups : IEnumerable<ConnectionGroup>
{
    private readonly SortedDictionary<string, HashSet<Connection>> _members = new(StringComparer.Ordinal);

    internal ConnectionGroups(Server server) => Server = server;

    internal Server Server { get; }

    /// <summary>A group by its name.</summary>
    public ConnectionGroup this[string name] => new(this, name);

    /// <summary>The groups that have members.</summary>
    public IEnumerator<ConnectionGroup> GetEnumerator()
    {
        lock (_members)
            return _members.Keys.Select(name => this[name]).ToList().GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal Connection[] MembersOf(string name)
    {
        lock (_members)
            return _members.TryGetValue(name, out HashSet<Connection>? members)
                ? [.. members.OrderBy(connection => connection.Id)]
                : [];
    }

    internal int CountOf(string name)
    {
        lock (_members)
            return _members.TryGetValue(name, out HashSet<Connection>? members) ? members.Count : 0;
    }

    internal bool Contains(string name, Connection connection)
    {
        lock (_members)
            return _members.TryGetValue(name, out HashSet<Connection>? members) && members.Contains(connection);
    }

    internal bool Add(string name, Connection connection)
    {
        lock (_members)
        {
            if (connection.Status == ConnectionStatus.Closed)
                return false;
            if (!_members.TryGetValue(name, out HashSet<Connection>? members))
                _members[name] = members = [];
            return members.Add(connection);
        }
    }

    internal bool Remove(string name, Connection connection)
    {
        lock (_members)
        {
            if (!_members.TryGetValue(name, out HashSet<Connection>? members) || !members.Remove(connection))
                return false;
            if (members.Count == 0)
                _members.Remove(name);
            return true;
        }
    }

    /// <summary>Takes a connection that has ended out of all groups.</summary>
    internal void Remove(Connection connection)
    {
        lock (_members)
        {
            foreach (string name in _members.Keys.ToArray())
                Remove(name, connection);
        }
    }
}
