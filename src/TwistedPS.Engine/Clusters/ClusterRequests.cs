using System.Collections.Concurrent;
using System.Globalization;
using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Engine.Clusters;

/// <summary>The requests of a node that wait for their replies, which all come to one subject. Thread-safe.</summary>
internal sealed class ClusterRequests
{
    private readonly ReactorCluster _cluster;
    private readonly ConcurrentDictionary<long, Action<Payload>> _waiting = new();
    private readonly Lazy<IDisposable> _inbox;
    private long _last;

    public ClusterRequests(ReactorCluster cluster)
    {
        _cluster = cluster;
        _inbox = new Lazy<IDisposable>(() => cluster.Subscribe($"{Inbox}.*", null, Received));
    }

    private string Inbox => $"{Membership.Own}.reply.{_cluster.Node}";

    /// <summary>
    /// Sends a request, and returns a deferred that fires with the <see cref="Payload"/> of the first reply, or with a
    /// <see cref="TimeoutException"/>. Cancelled, it waits no more. On the reactor's thread only.
    /// </summary>
    /// <param name="reactor">The reactor of the deferred.</param>
    /// <param name="subject">The subject, without wildcards.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="timeout">The longest time to wait, by the clock of the reactor; null for no limit.</param>
    /// <param name="origin">The place of its creation.</param>
    /// <exception cref="BackplaneException">The broker can't be reached, or the message is too long.</exception>
    public Deferred Send(Reactor reactor, string subject, Payload payload, TimeSpan? timeout, string? origin)
    {
        long number = Interlocked.Increment(ref _last);
        var deferred = new Deferred(reactor, origin, cancelled => _waiting.TryRemove(number, out _));
        Send(number, subject, payload, reply => deferred.TryFire(Outcome.Succeeded(reply)));
        if (timeout is { } time)
            deferred.SetTimeout(time);
        return deferred;
    }

    /// <summary>Sends a request, and returns the first reply, whatever the reactors do meanwhile. From any thread.</summary>
    /// <param name="subject">The subject, without wildcards.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="BackplaneException">The broker can't be reached, or the message is too long.</exception>
    public Task<Payload> SendAsync(string subject, Payload payload, CancellationToken cancel)
    {
        long number = Interlocked.Increment(ref _last);
        var reply = new TaskCompletionSource<Payload>(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(number, subject, payload, first => reply.TrySetResult(first));
        cancel.Register(() =>
        {
            _waiting.TryRemove(number, out _);
            reply.TrySetCanceled(cancel);
        });
        return reply.Task;
    }

    private void Send(long number, string subject, Payload payload, Action<Payload> replied)
    {
        _ = _inbox.Value;
        _waiting[number] = replied;
        try
        {
            _cluster.Publish(subject, payload, $"{Inbox}.{number}");
        }
        catch
        {
            _waiting.TryRemove(number, out _);
            throw;
        }
    }

    private void Received(BackplaneMessage message)
    {
        string number = message.Subject[(message.Subject.LastIndexOf('.') + 1)..];
        if (long.TryParse(number, CultureInfo.InvariantCulture, out long key) && _waiting.TryRemove(key, out Action<Payload>? replied))
            replied(message.Payload);
    }
}
