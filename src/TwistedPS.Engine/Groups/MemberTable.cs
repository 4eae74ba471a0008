namespace TwistedPS.Engine.Groups;

/// <summary>
/// A table of names and their members. A name takes memory only while it has members. Names are case-sensitive. Members may
/// be used from any thread.
/// </summary>
/// <param name="mayEnter">Whether a member may still be added; called under the table's lock.</param>
internal sealed class MemberTable<T>(Func<T, bool> mayEnter)
    where T : notnull
{
    private readonly SortedDictionary<string, HashSet<T>> _members = new(StringComparer.Ordinal);

    /// <summary>The names that have members, in order.</summary>
    public string[] Names
    {
        get
        {
            lock (_members)
                return [.. _members.Keys];
        }
    }

    public T[] MembersOf(string name)
    {
        lock (_members)
            return _members.TryGetValue(name, out HashSet<T>? members) ? [.. members] : [];
    }

    public int CountOf(string name)
    {
        lock (_members)
            return _members.TryGetValue(name, out HashSet<T>? members) ? members.Count : 0;
    }

    public bool Contains(string name, T member)
    {
        lock (_members)
            return _members.TryGetValue(name, out HashSet<T>? members) && members.Contains(member);
    }

    /// <returns>False if it is already a member, or may not be added.</returns>
    public bool Add(string name, T member)
    {
        lock (_members)
        {
            if (!mayEnter(member))
                return false;
            if (!_members.TryGetValue(name, out HashSet<T>? members))
                _members[name] = members = [];
            return members.Add(member);
        }
    }

    /// <returns>False if it was not a member.</returns>
    public bool Remove(string name, T member)
    {
        lock (_members)
        {
            if (!_members.TryGetValue(name, out HashSet<T>? members) || !members.Remove(member))
                return false;
            if (members.Count == 0)
                _members.Remove(name);
            return true;
        }
    }

    /// <summary>Removes a member from all names.</summary>
    public void Remove(T member)
    {
        lock (_members)
        {
            foreach (string name in _members.Keys.ToArray())
                Remove(name, member);
        }
    }
}
