using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>
/// The work that one recipient has asked for, waiting in order and running. While too much of it waits, the recipient's
/// connection or socket is not read. Guarded by the lock of its pool.
/// </summary>
internal sealed class WorkShare : IDisposable
{
    private const int PausedAt = 100;
    private const int ResumedAt = PausedAt / 2;

    private readonly LinkedList<WorkItem> _waiting = [];
    private readonly HashSet<WorkItem> _running = [];
    private readonly Recipient? _asker;
    private readonly Action _askerEnded;
    private bool _isPaused;

    /// <param name="asker">The recipient; null where there is none whose end would end the work.</param>
    /// <param name="askerEnded">Called on the recipient's reactor when it has ended.</param>
    public WorkShare(Recipient? asker, Action<WorkShare> askerEnded)
    {
        _asker = asker;
        _askerEnded = () => askerEnded(this);
        if (asker is not null)
            asker.Ended += _askerEnded;
    }

    public Recipient? Asker => _asker;

    public bool HasWaiting => _waiting.Count > 0;

    public bool IsEmpty => _waiting.Count + _running.Count == 0;

    public IEnumerable<WorkItem> Waiting => _waiting;

    public IEnumerable<WorkItem> Running => _running;

    /// <returns>Its place, for <see cref="Withdraw"/>.</returns>
    public LinkedListNode<WorkItem> Add(WorkItem item)
    {
        LinkedListNode<WorkItem> place = _waiting.AddLast(item);
        if (!_isPaused && _waiting.Count >= PausedAt)
        {
            _isPaused = true;
            OnProducer(producer => producer.Pause(this));
        }

        return place;
    }

    /// <summary>Moves the first that waits to those that run.</summary>
    public WorkItem Begin()
    {
        WorkItem first = _waiting.First!.Value;
        Withdraw(_waiting.First);
        _running.Add(first);
        return first;
    }

    /// <returns>False if it does not run.</returns>
    public bool End(WorkItem item) => _running.Remove(item);

    public void Withdraw(LinkedListNode<WorkItem> place)
    {
        _waiting.Remove(place);
        if (!_isPaused || _waiting.Count > ResumedAt)
            return;
        _isPaused = false;
        OnProducer(producer => producer.Resume(this));
    }

    public void Dispose()
    {
        if (_asker is not null)
            _asker.Ended -= _askerEnded;
    }

    private void OnProducer(Action<IProducer> act)
    {
        if (_asker?.Target is { } target)
            target.Reactor.Do(() => act(target.Producer));
    }
}
