namespace TwistedPS.Scripting;

/// <summary>The hosts that a session has connected to, up to a number of them. Thread-safe.</summary>
internal sealed class KnownHosts
{
    private const int Capacity = 50;

    private readonly List<string> _hosts = [];

    /// <summary>The hosts, the one connected to last before all others.</summary>
    public IReadOnlyList<string> LastFirst
    {
        get
        {
            lock (_hosts)
                return [.. Enumerable.Reverse(_hosts)];
        }
    }

    public void Add(string host)
    {
        lock (_hosts)
        {
            _hosts.RemoveAll(known => known.Equals(host, StringComparison.OrdinalIgnoreCase));
            if (_hosts.Count == Capacity)
                _hosts.RemoveAt(0);
            _hosts.Add(host);
        }
    }
}
