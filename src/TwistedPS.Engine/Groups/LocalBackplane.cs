namespace TwistedPS.Engine.Groups;

/// <summary>
/// A backplane within the process, for which no broker is needed. Subscribers are called by whoever publishes. Thread-safe.
/// </summary>
internal sealed class LocalBackplane : IBackplane
{
    private readonly object _lock = new();
    private readonly Dictionary<string, List<Subscription>> _bySubject = new(StringComparer.Ordinal);
    private readonly List<Subscription> _byPattern = [];
    private readonly Dictionary<string, LocalStore> _stores = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _turns = new(StringComparer.Ordinal);

    public string Address => "this process";

    public bool IsConnected => true;

    // The connection to oneself does not change.
    public event Action<bool>? ConnectionChanged
    {
        add { }
        remove { }
    }

    public void Publish(string subject, Payload payload, string? reply = null)
    {
        Subscription[] receivers = ReceiversOf(subject);
        foreach (Subscription receiver in receivers)
            receiver.Received(new BackplaneMessage(subject, payload, reply));
        if (receivers.Length == 0 && reply is not null)
            Publish(reply, Payload.NoResponder);
    }

    public IDisposable Subscribe(string pattern, string? queue, Action<BackplaneMessage> received)
    {
        var subscription = new Subscription(this, pattern, queue, received);
        lock (_lock)
        {
            if (Subjects.IsPattern(pattern))
                _byPattern.Add(subscription);
            else if (_bySubject.TryGetValue(pattern, out List<Subscription>? others))
                others.Add(subscription);
            else
                _bySubject[pattern] = [subscription];
        }

        return subscription;
    }

    public IStateStore OpenStore(string name)
    {
        lock (_lock)
        {
            if (!_stores.TryGetValue(name, out LocalStore? store))
                _stores[name] = store = new LocalStore();
            return store;
        }
    }

    public Task FlushAsync(CancellationToken cancel) => Task.CompletedTask;

    public void Dispose()
    {
        lock (_lock)
        {
            _bySubject.Clear();
            _byPattern.Clear();
        }
    }

    private Subscription[] ReceiversOf(string subject)
    {
        lock (_lock)
        {
            IEnumerable<Subscription> all = _bySubject.GetValueOrDefault(subject, [])
                .Concat(_byPattern.Where(subscription => Subjects.Matches(subscription.Pattern, subject)));
            ILookup<string?, Subscription> byQueue = all.ToLookup(subscription => subscription.Queue);
            return [.. byQueue[null], .. byQueue.Where(queue => queue.Key is not null).Select(Next)];
        }
    }

    /// <summary>Returns the member of a queue whose turn it is.</summary>
    private Subscription Next(IGrouping<string?, Subscription> queue)
    {
        int turn = _turns.GetValueOrDefault(queue.Key!);
        _turns[queue.Key!] = turn + 1 & int.MaxValue;
        Subscription[] members = [.. queue];
        return members[turn % members.Length];
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            if (_byPattern.Remove(subscription) || !_bySubject.TryGetValue(subscription.Pattern, out List<Subscription>? others))
                return;
            others.Remove(subscription);
            if (others.Count == 0)
                _bySubject.Remove(subscription.Pattern);
        }
    }

    private sealed class Subscription(LocalBackplane backplane, string pattern, string? queue, Action<BackplaneMessage> received)
        : IDisposable
    {
        public string Pattern => pattern;

        public string? Queue => queue;

        public Action<BackplaneMessage> Received => received;

        public void Dispose() => backplane.Remove(this);
    }
}
