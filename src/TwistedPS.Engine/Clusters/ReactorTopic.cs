using TwistedPS.Engine.Clusters;
using TwistedPS.Engine.Groups;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>
/// A subscription to messages by their subject, whose handler's output is the reply to a request. Members may be used from any
/// thread.
/// </summary>
public sealed class ReactorTopic : Service
{
    private static int s_lastId;

    private readonly ReactorTopicOptions _options;
    private readonly ITopicHandler _handler;
    private readonly HandlerCall _onMessage;
    private IDisposable? _subscription;
    private DelayedCall? _limit;
    private int _waiting;
    private int _held;
    private long _messages;
    private long _dropped;

    internal ReactorTopic(Reactor reactor, ReactorTopicOptions options, ITopicHandler handler, ReactorCluster? cluster = null)
        : base(reactor, options.Name ?? options.Subject, Interlocked.Increment(ref s_lastId))
    {
        _options = options;
        _handler = handler;
        _onMessage = new HandlerCall(this, "OnMessage");
        Cluster = cluster ?? ReactorCluster.Current;
    }

    /// <summary>The state of the topic.</summary>
    public ReactorTopicStatus Status { get; private set; }

    /// <summary>The subject of its messages, wildcards allowed.</summary>
    public string Subject => _options.Subject;

    /// <summary>The queue, each message to which goes to one member in the whole cluster; null if it gets all messages.</summary>
    public string? Queue => _options.Queue;

    /// <summary>The number of messages that its handler was called with.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>The number of messages that wait for its handler.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The number of messages dropped, because 100000 others waited for the handler already.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <inheritdoc/>
    public override string Description => $"topic {Name} ({Subject}{(Queue is null ? "" : $", queue {Queue}")})";

    internal ReactorCluster Cluster { get; }

    /// <summary>Unregisters it without waiting.</summary>
    public override void Dispose() => _ = EndAsync(TimeSpan.FromSeconds(5));

    /// <summary>Subscribes. On the reactor's thread only.</summary>
    internal void Start()
    {
        Reactor.Add(this);
        _subscription = Cluster.Subscribe(Subject, Queue, Received);
        ReactorLog.Add(LogLevel.Information, "Registered");
    }

    /// <summary>Announces a reply that comes later; a stop waits for it. On the reactor's thread only.</summary>
    internal void Hold() => _held++;

    internal void Release()
    {
        _held--;
        FinishIfIdle();
    }

    /// <summary>Ends the subscription, and lets the handlers of what has arrived end within a time.</summary>
    internal override Task EndAsync(TimeSpan drainTime)
    {
        Reactor.Do(() =>
        {
            if (Status != ReactorTopicStatus.Running)
                return;
            Status = ReactorTopicStatus.Stopping;
            _subscription?.Dispose();
            _limit = Reactor.CallLater(drainTime, Finish);

            // In a turn of its own: the caller may be a handler, and is to end first.
            Reactor.Post(FinishIfIdle);
        });
        return Completion;
    }

    internal override void Abandon()
    {
        _subscription?.Dispose();
        Status = ReactorTopicStatus.Stopped;
        Reactor.Remove(this);
        EndLife();
    }

    // On any thread.
    private void Received(BackplaneMessage message)
    {
        if (Interlocked.Increment(ref _waiting) > _options.MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            if (Interlocked.Increment(ref _dropped) == 1)
                ReactorLog.Add(LogLevel.Warning, $"{_options.MostWaiting} messages wait for the handler; further ones are dropped.");
            return;
        }

        Reactor.Post(() => Handle(new TopicMessage(this, message)));
    }

    private void Handle(TopicMessage message)
    {
        Interlocked.Decrement(ref _waiting);
        if (Status == ReactorTopicStatus.Stopped)
            return;
        Volatile.Write(ref _messages, _messages + 1);
        Call(_onMessage, null, (_handler, message), static call => call._handler.Received(call.message));
        FinishIfIdle();
    }

    private void FinishIfIdle()
    {
        if (_held == 0 && Waiting == 0)
            Finish();
    }

    private void Finish()
    {
        if (Status != ReactorTopicStatus.Stopping)
            return;
        Status = ReactorTopicStatus.Stopped;
        _limit?.Cancel();
        Reactor.Remove(this);
        ReactorLog.Add(LogLevel.Information, $"Unregistered after {Messages} messages");
        ReactorLog.Written.ContinueWith(
            _ => EndLife(), default, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
