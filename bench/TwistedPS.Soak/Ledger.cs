using System.Collections.Concurrent;

namespace TwistedPS.Soak;

/// <summary>The account of what was asked of the subject, and of the answers that are missing or wrong. From any thread.</summary>
internal sealed class Ledger
{
    private const int MostFaults = 20;
    private const int MostCharacters = 200;

    private readonly ConcurrentDictionary<string, Entry> _entries = [];
    private readonly ConcurrentQueue<string> _faults = [];

    public IEnumerable<(string Load, Entry Entry)> Entries => _entries.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value));

    /// <summary>Descriptions of the first faults.</summary>
    public IEnumerable<string> Faults => _faults;

    public bool IsClean => _entries.Values.All(entry => entry.Lost == 0);

    /// <summary>Notes messages that were sent and whose answers have come whole.</summary>
    public void Answered(string load, long messages) => Interlocked.Add(ref EntryOf(load).AnsweredCount, messages);

    /// <summary>Notes a peer that has come to its end, whatever end it was made for.</summary>
    public void Done(string load) => Interlocked.Increment(ref EntryOf(load).PeerCount);

    /// <summary>Notes messages whose answers are missing or wrong.</summary>
    public void Lose(string load, long messages, string why)
    {
        Interlocked.Add(ref EntryOf(load).LostCount, messages);
        if (_faults.Count < MostFaults)
            _faults.Enqueue($"{load}: {(why.Length > MostCharacters ? why[..MostCharacters] + "…" : why)}".ReplaceLineEndings(" "));
    }

    private Entry EntryOf(string load) => _entries.GetOrAdd(load, _ => new Entry());

    /// <summary>The account of one load.</summary>
    internal sealed class Entry
    {
        internal long PeerCount;
        internal long AnsweredCount;
        internal long LostCount;

        public long Peers => Interlocked.Read(ref PeerCount);

        public long Answered => Interlocked.Read(ref AnsweredCount);

        public long Lost => Interlocked.Read(ref LostCount);
    }
}
