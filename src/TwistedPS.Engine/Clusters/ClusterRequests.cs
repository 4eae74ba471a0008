using System.Collections.Concurrent;
using System.Globalization;
using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Engine.Clusters;

/// <summary>The requests of a node that wait for their replies, which all come to one subject. Thread-safe.</summary>
internal sealed class ClusterRequests
{
    private readonly ReactorCluster _cluster;
    private readonly ConcurrentDictionary<long, Deferred> _waiting = new();
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
        _ = _inbox.Value;
        long number = Interlocked.Increment(ref _last);
        var deferred = new Deferred(reactor, origin, cancelled => _waiting.TryRemove(number, out _));
        _waiting[number] = deferred;
        try
        {
            _cluster.Publish(subject, payload, $"{Inbox}.{number}");
        }
        catch
        {
            _waiting.TryRemove(number, out _);
            throw;
        }

        if (timeout is { } time)
            deferred.SetTimeout(time);
        return deferred;
    }

    private void Received(BackplaneMessage message)
    {
        string number = message.Subject[(message.Subject.LastIndexOf('.') + 1)..];
        if (long.TryParse(number, CultureInfo.InvariantCulture, out long key) && _waiting.TryRemove(key, out Deferred? deferred))
            deferred.TryFire(Outcome.Succeeded(message.Payload));
    }
}
