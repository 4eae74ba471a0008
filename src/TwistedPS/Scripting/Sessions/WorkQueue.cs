namespace TwistedPS.Scripting;

/// <summary>
/// The work that waits for workers and that they run. Those who have asked for it have their turns one after the other,
/// however much each has asked for. Guarded by the lock of its pool.
/// </summary>
/// <param name="askerEnded">Called when one who has asked has ended.</param>
internal sealed class WorkQueue(Action<WorkShare> askerEnded)
{
    private static readonly object s_nobody = new();

    private readonly Dictionary<object, WorkShare> _shares = [];
    private readonly LinkedList<WorkShare> _turns = [];
    private readonly Dictionary<BlockingWork, (WorkShare Share, LinkedListNode<WorkItem> Place)> _waiting = [];

    public int WaitingCount => _waiting.Count;

    public int RunningCount { get; private set; }

    public IEnumerable<WorkItem> Running => _shares.Values.SelectMany(share => share.Running);

    public void Add(WorkItem item, Recipient? asker)
    {
        if (!_shares.TryGetValue(KeyOf(asker), out WorkShare? share))
            _shares.Add(KeyOf(asker), share = new WorkShare(asker, askerEnded));
        if (!share.HasWaiting)
            _turns.AddLast(share);
        _waiting.Add(item.Work, (share, share.Add(item)));
    }

    /// <summary>Returns the work whose turn it is, which runs from now on.</summary>
    public (WorkShare Share, WorkItem Item) Begin()
    {
        WorkShare share = _turns.First!.Value;
        _turns.RemoveFirst();
        WorkItem item = share.Begin();
        _waiting.Remove(item.Work);
        RunningCount++;
        if (share.HasWaiting)
            _turns.AddLast(share);
        return (share, item);
    }

    /// <summary>Removes work that has run.</summary>
    /// <returns>False if it was left before.</returns>
    public bool End(WorkShare share, WorkItem item)
    {
        if (!share.End(item))
            return false;
        RunningCount--;
        ForgetEmpty(share);
        return true;
    }

    /// <summary>Removes work that goes on running, but that nobody waits for.</summary>
    /// <returns>False if it does not run.</returns>
    public bool Leave(BlockingWork work) =>
        _shares.Values.FirstOrDefault(share => share.Running.Any(item => item.Work == work)) is { } share
        && End(share, share.Running.First(item => item.Work == work));

    /// <summary>Removes work if it still waits.</summary>
    /// <returns>False if it does not.</returns>
    public bool Withdraw(BlockingWork work)
    {
        if (!_waiting.Remove(work, out (WorkShare Share, LinkedListNode<WorkItem> Place) found))
            return false;
        found.Share.Withdraw(found.Place);
        if (!found.Share.HasWaiting)
            _turns.Remove(found.Share);
        ForgetEmpty(found.Share);
        return true;
    }

    /// <summary>Removes the waiting work of a share that is not detached.</summary>
    /// <returns>The work that ends with the one who has asked for it, waiting or running.</returns>
    public WorkItem[] Abandon(WorkShare share)
    {
        WorkItem[] owned = [.. share.Running.Concat(share.Waiting).Where(item => !item.IsDetached)];
        foreach (WorkItem item in owned)
            Withdraw(item.Work);
        return owned;
    }

    /// <summary>Removes all that waits.</summary>
    public void Clear()
    {
        foreach (BlockingWork work in _waiting.Keys)
            Withdraw(work);
    }

    private static object KeyOf(Recipient? asker) => asker?.Destination ?? s_nobody;

    private void ForgetEmpty(WorkShare share)
    {
        if (share.IsEmpty && _shares.Remove(KeyOf(share.Asker)))
            share.Dispose();
    }
}
