using System.Collections.Concurrent;
using System.Text.Json;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Engine.Clusters;

/// <summary>
/// Tells the other nodes at intervals what this one serves, and remembers what they tell. An empty message is a farewell.
/// Thread-safe.
/// </summary>
internal sealed class Presence
{
    /// <summary>The time from one message to the next; a change of the servers and a new node call for one at once.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>The time without a message after which a node is gone: three were missed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(7);

    private const string Subject = $"{Membership.Own}.node";

    private readonly object _lock = new();
    private readonly ReactorCluster _cluster;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Announcement, Func<ClusterServer>> _servers = new();
    private readonly ConcurrentDictionary<string, (ClusterNode Node, long At)> _others = new(StringComparer.Ordinal);
    private volatile ITimer? _timer;
    private IDisposable? _subscription;

    public Presence(ReactorCluster cluster, TimeProvider time)
    {
        _cluster = cluster;
        _time = time;
    }

    /// <summary>The nodes that are there: this one first, the others by their names.</summary>
    public ClusterNode[] Nodes =>
        [Own, .. _others.Where(other => IsThere(other.Value.At)).Select(other => other.Value.Node).OrderBy(node => node.Name, StringComparer.Ordinal)];

    private ClusterNode Own => new(_cluster.Node, [.. _servers.Values.Select(look => look()).OrderBy(server => server.Name, StringComparer.Ordinal)]);

    /// <summary>Adds a server of this node until the result is disposed.</summary>
    /// <param name="look">Returns what it is now; called on any thread.</param>
    public IDisposable Announce(Func<ClusterServer> look)
    {
        var announcement = new Announcement(this);
        _servers[announcement] = look;
        Hasten();
        return announcement;
    }

    /// <summary>Begins to tell, and to listen.</summary>
    public void Begin()
    {
        _subscription = _cluster.Subscribe($"{Subject}.*", null, Received);
        _timer = _time.CreateTimer(_ => Tell(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Hasten();
    }

    /// <summary>Says farewell, and nothing after it. Does nothing if it does not tell.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (_timer is null)
                return;
            _timer.Dispose();
            _timer = null;
            TryPublish(default);
        }
    }

    /// <summary>Says farewell, and forgets the others.</summary>
    public void End()
    {
        Leave();
        _subscription?.Dispose();
        _others.Clear();
    }

    private bool IsThere(long at) => _time.GetElapsedTime(at) < Limit;

    // Without the lock: it is held while another node in this process is told, which may hasten at the same moment.
    private void Hasten() => _timer?.Change(TimeSpan.Zero, Interval);

    private void Tell()
    {
        foreach ((string name, (ClusterNode Node, long At) other) in _others.Where(other => !IsThere(other.Value.At)))
            _others.TryRemove(KeyValuePair.Create(name, other));
        byte[] servers = JsonSerializer.SerializeToUtf8Bytes(Own.Servers);
        lock (_lock)
        {
            if (_timer is not null)
                TryPublish(servers);
        }
    }

    private void TryPublish(ReadOnlyMemory<byte> servers)
    {
        try
        {
            _cluster.Publish($"{Subject}.{_cluster.Node}", new Payload(PayloadKind.Json, servers));
        }
        catch (BackplaneException)
        {
            // Nobody can hear it now. The next message is due soon.
        }
    }

    private void Received(BackplaneMessage message)
    {
        string name = message.Subject[(Subject.Length + 1)..];
        if (name == _cluster.Node)
            return;
        if (message.Payload.Bytes.IsEmpty)
        {
            _others.TryRemove(name, out _);
            return;
        }

        bool isKnown = _others.TryGetValue(name, out (ClusterNode Node, long At) last) && IsThere(last.At);
        _others[name] = (new ClusterNode(name, Read(message.Payload)), _time.GetTimestamp());

        // By a timer, not here: the other node would answer on this thread within one process.
        if (!isKnown)
            Hasten();
    }

    private static ClusterServer[] Read(Payload payload)
    {
        try
        {
            ClusterServer?[]? servers = JsonSerializer.Deserialize<ClusterServer?[]>(payload.Bytes.Span);
            return [.. (servers ?? []).OfType<ClusterServer>().Where(server => server is { Kind: not null, Name: not null })];
        }
        catch (JsonException)
        {
            // Whatever it serves, it is there.
            return [];
        }
    }

    private sealed class Announcement(Presence presence) : IDisposable
    {
        public void Dispose()
        {
            presence._servers.TryRemove(this, out _);
            presence.Hasten();
        }
    }
}
