namespace TwistedPS.Scripting;

/// <summary>The names of something that a session has used, up to a number of them. Thread-safe.</summary>
/// <param name="comparer">Tells which names are the same.</param>
internal sealed class RecentNames(StringComparer comparer)
{
    private const int Capacity = 50;

    private readonly List<string> _names = [];

    /// <summary>The names, the one used last before all others.</summary>
    public IReadOnlyList<string> LastFirst
    {
        get
        {
            lock (_names)
                return [.. Enumerable.Reverse(_names)];
        }
    }

    public void Add(string name)
    {
        lock (_names)
        {
            _names.RemoveAll(known => comparer.Equals(known, name));
            if (_names.Count == Capacity)
                _names.RemoveAt(0);
            _names.Add(name);
        }
    }
}
