namespace TwistedPS.Tests;

/// <summary>
/// A backplane that notes its subscriptions, but for that to other nodes' presence, and can be shared by several nodes of a test.
/// </summary>
internal sealed class RecordingBackplane(LocalBackplane broker) : IBackplane
{
    public List<string> Subscriptions { get; } = [];

    public bool IsDisposed { get; private set; }

    /// <summary>The failure of all that is published; null for none.</summary>
    public BackplaneException? Failure { get; set; }

    public int Published { get; private set; }

    public string Address => "test";

    public bool IsConnected => Failure is null;

    public event Action<bool>? ConnectionChanged
    {
        add { }
        remove { }
    }

    public void Publish(string subject, Payload payload, string? reply = null)
    {
        if (Failure is not null)
            throw Failure;
        if (!IsPresence(subject))
            Published++;
        broker.Publish(subject, payload, reply);
    }

    public IDisposable Subscribe(string pattern, string? queue, Action<BackplaneMessage> received)
    {
        string name = queue is null ? pattern : $"{pattern} {queue}";
        if (!IsPresence(pattern))
            Subscriptions.Add(name);
        return new Subscription(broker.Subscribe(pattern, queue, received), () => Subscriptions.Remove(name));
    }

    public IStateStore OpenStore(string name) => broker.OpenStore(name);

    public Task FlushAsync(CancellationToken cancel) => Task.CompletedTask;

    public void Dispose() => IsDisposed = true;

    private static bool IsPresence(string subject) => subject.Contains(".node.", StringComparison.Ordinal);

    private sealed class Subscription(IDisposable inner, Action ended) : IDisposable
    {
        public void Dispose()
        {
            inner.Dispose();
            ended();
        }
    }
}
