using TwistedPS.Engine.Groups;

namespace TwistedPS.Engine.Clusters;

/// <summary>
/// A subscription at the backplane, which moves from one to another with its node. All of a node's subscribers to a pattern
/// share one, so that each message comes to the node once; a member of a queue has one of its own.
/// </summary>
internal sealed class Feed(string pattern, string? queue)
{
    private Action<BackplaneMessage>[] _receivers = [];
    private IDisposable? _subscription;

    public string Pattern => pattern;

    public bool IsEmpty => _receivers.Length == 0;

    // The arrays are replaced, never changed, since messages come on other threads.
    public void Add(Action<BackplaneMessage> receiver) => Volatile.Write(ref _receivers, [.. _receivers, receiver]);

    public void Remove(Action<BackplaneMessage> receiver) => Volatile.Write(ref _receivers, [.. _receivers.Where(other => other != receiver)]);

    /// <summary>Ends the subscription; with a membership, subscribes there.</summary>
    public void Move(Membership? membership)
    {
        _subscription?.Dispose();
        _subscription = membership?.Backplane.Subscribe(
            membership.Outer(pattern), queue, message => Deliver(message with { Subject = membership.Inner(message.Subject) }));
    }

    private void Deliver(BackplaneMessage message)
    {
        foreach (Action<BackplaneMessage> receiver in Volatile.Read(ref _receivers))
            receiver(message);
    }
}
