using System.Security.Cryptography;
using System.Text.RegularExpressions;
using TwistedPS.Engine.Clusters;
using TwistedPS.Engine.Groups;

namespace TwistedPS;

/// <summary>
/// The nodes that share topics, and servers of the same name: this process alone, until it joins others at a broker. Members
/// may be used from any thread.
/// </summary>
public sealed partial class ReactorCluster
{
    private readonly object _lock = new();
    private readonly Dictionary<string, Feed> _shared = new(StringComparer.Ordinal);
    private readonly List<Feed> _feeds = [];
    private readonly Membership _alone = new("local", new LocalBackplane());
    private volatile Membership _membership;

    internal ReactorCluster(TimeProvider? time = null)
    {
        _membership = _alone;
        Node = $"{Unfit().Replace(Environment.MachineName, "-")}-{Environment.ProcessId}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(2))}";
        Requests = new ClusterRequests(this);
        State = new SharedState(this);
        Presence = new Presence(this, time ?? TimeProvider.System);
    }

    /// <summary>The cluster of this process.</summary>
    internal static ReactorCluster Current { get; } = new();

    /// <summary>The name of the cluster; null for this process alone.</summary>
    public string? Name => IsAlone ? null : _membership.Name;

    /// <summary>The name of this node: that of the machine, the number of the process, and four digits by chance.</summary>
    public string Node { get; }

    /// <summary>The address of the broker; null for this process alone.</summary>
    public string? Broker => IsAlone ? null : _membership.Backplane.Address;

    /// <summary>The state of the connection to the broker.</summary>
    public ClusterStatus Status => IsAlone ? ClusterStatus.Alone
        : _membership.Backplane.IsConnected ? ClusterStatus.Connected
        : ClusterStatus.Reconnecting;

    /// <summary>
    /// The nodes that are in it: this one first, and then the others by their names. What they serve is as of 2 s ago at most;
    /// one that has died or can't be reached is gone after 7 s.
    /// </summary>
    public ClusterNode[] Nodes => Presence.Nodes;

    /// <summary>Whether there are no other nodes to reach.</summary>
    internal bool IsAlone => _membership == _alone;

    internal ClusterRequests Requests { get; }

    internal SharedState State { get; }

    internal Presence Presence { get; }

    /// <summary>The values of the cluster that it is in now.</summary>
    /// <exception cref="BackplaneException">The broker can't be reached.</exception>
    internal IStateStore Store => _membership is { Backplane.IsConnected: true, Store: var store } ? store
        : throw BackplaneException.Lost(_membership.Backplane.Address);

    /// <summary>Returns what is wrong with the name of a cluster; null if it can be joined.</summary>
    internal static string? WhyInvalid(string name) => Fit().IsMatch(name) ? null : "it must be letters, digits, - and _, the first no _";

    /// <summary>Returns what is wrong with a subject for scripts; null if it can be published to, or subscribed to.</summary>
    internal static string? WhyInvalid(string subject, bool isPattern) => subject.Split('.')[0] == Membership.Own
        ? $"its first word is {Membership.Own}, which TwistedPS keeps for itself"
        : isPattern ? Subjects.WhyInvalidPattern(subject) : Subjects.WhyInvalid(subject);

    /// <summary>Moves all subscriptions to a backplane, which is disposed at the exit.</summary>
    /// <returns>False if it is in a cluster already; the backplane is then left alone.</returns>
    internal bool Join(string name, IBackplane backplane)
    {
        lock (_lock)
        {
            if (!IsAlone)
                return false;
            Move(new Membership(name, backplane));
            Presence.Begin();
            return true;
        }
    }

    /// <summary>Goes back to this process alone. Does nothing there.</summary>
    internal void Exit()
    {
        lock (_lock)
        {
            Membership left = _membership;
            if (left == _alone)
                return;
            Presence.End();
            Move(_alone);
            left.Backplane.Dispose();
        }
    }

    /// <summary>Sends a message to all subscribers, and to one of each queue.</summary>
    /// <param name="subject">The subject, without wildcards.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="reply">The subject for a reply; null for none.</param>
    /// <exception cref="BackplaneException">The broker can't be reached, or the message is too long.</exception>
    internal void Publish(string subject, Payload payload, string? reply = null)
    {
        Membership membership = _membership;
        membership.Backplane.Publish(membership.Outer(subject), payload, reply is null ? null : membership.Outer(reply));
    }

    /// <summary>Replies to a message, which may come from somebody who is no node.</summary>
    /// <exception cref="BackplaneException">The broker can't be reached, or the reply is too long.</exception>
    internal void Reply(BackplaneMessage message, Payload payload) => _membership.Backplane.Publish(message.Reply!, payload);

    /// <summary>Subscribes until the result is disposed, whichever cluster the node is in.</summary>
    /// <param name="pattern">The subject, wildcards allowed.</param>
    /// <param name="queue">The queue, each message to which goes to one member of the cluster; null to get all messages.</param>
    /// <param name="received">Called with each message, one at a time, on any thread; it must not wait.</param>
    internal IDisposable Subscribe(string pattern, string? queue, Action<BackplaneMessage> received)
    {
        lock (_lock)
        {
            Feed feed = FeedOf(pattern, queue);
            feed.Add(received);
            return new Subscription(this, feed, received);
        }
    }

    /// <summary>Completes when the broker has all that was published and subscribed before.</summary>
    internal Task FlushAsync(CancellationToken cancel) => _membership.Backplane.FlushAsync(cancel);

    /// <summary>Returns the node, the cluster, and the broker.</summary>
    public override string ToString() => IsAlone ? $"node {Node}, in no cluster" : $"node {Node} of cluster {Name} ({Broker}, {Status})";

    private Feed FeedOf(string pattern, string? queue)
    {
        if (queue is null && _shared.TryGetValue(pattern, out Feed? known))
            return known;
        var feed = new Feed(pattern, queue);
        if (queue is null)
            _shared.Add(pattern, feed);
        _feeds.Add(feed);
        feed.Move(_membership);
        return feed;
    }

    private void Move(Membership membership)
    {
        _membership = membership;
        foreach (Feed feed in _feeds)
            feed.Move(membership);
    }

    private void Unsubscribe(Feed feed, Action<BackplaneMessage> received)
    {
        lock (_lock)
        {
            feed.Remove(received);
            if (!feed.IsEmpty || !_feeds.Remove(feed))
                return;
            feed.Move(null);
            if (_shared.GetValueOrDefault(feed.Pattern) == feed)
                _shared.Remove(feed.Pattern);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]*\z")]
    private static partial Regex Fit();

    [GeneratedRegex("[^A-Za-z0-9_-]+")]
    private static partial Regex Unfit();

    private sealed class Subscription(ReactorCluster cluster, Feed feed, Action<BackplaneMessage> received) : IDisposable
    {
        public void Dispose() => cluster.Unsubscribe(feed, received);
    }
}
