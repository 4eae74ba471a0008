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
    private readonly Dictionary<T, HashSet<string>> _names = [];

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
            if (!members.Add(member))
                return false;
            if (!_names.TryGetValue(member, out HashSet<string>? names))
                _names[member] = names = new HashSet<string>(StringComparer.Ordinal);
            return names.Add(name);
        }
    }

    /// <returns>False if it was not a member.</returns>
    public bool Remove(string name, T member)
    {
        lock (_members)
        {
            if (!_names.TryGetValue(member, out HashSet<string>? names) || !names.Remove(name))
                return false;
            if (names.Count == 0)
                _names.Remove(member);
            Leave(name, member);
            return true;
        }
    }

    /// <summary>Removes a member from all names that it is in.</summary>
    public void Remove(T member)
    {
        lock (_members)
        {
            if (!_names.Remove(member, out HashSet<string>? names))
                return;
            foreach (string name in names)
                Leave(name, member);
        }
    }

    private void Leave(string name, T member)
    {
        HashSet<T> members = _members[name];
        members.Remove(member);
        if (members.Count == 0)
            _members.Remove(name);
    }
}
