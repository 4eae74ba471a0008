namespace TwistedPS.Scripting;

/// <summary>The warnings that wait for somebody to see them: the last ones, and the number of those before. Thread-safe.</summary>
internal sealed class PendingWarnings
{
    private const int Capacity = 10;

    private readonly Queue<string> _last = new();
    private long _dropped;

    public void Add(string warning)
    {
        lock (_last)
        {
            if (_last.Count == Capacity)
            {
                _last.Dequeue();
                _dropped++;
            }

            _last.Enqueue(warning);
        }
    }

    /// <summary>Removes and returns all of them, oldest first.</summary>
    public IReadOnlyList<string> Drain()
    {
        lock (_last)
        {
            if (_last.Count == 0)
                return [];
            string[] dropped = _dropped == 0 ? [] : [$"{_dropped} earlier warnings are not shown; Get-ReactorLog has the last ones."];
            string[] all = [.. dropped, .. _last];
            _last.Clear();
            _dropped = 0;
            return all;
        }
    }
}
