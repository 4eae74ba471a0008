namespace TwistedPS.Tests;

public sealed class ReactorClusterTests : IDisposable
{
    private readonly LocalBackplane _broker = new();
    private readonly List<string> _seen = [];

    public void Dispose() => _broker.Dispose();

    [Fact]
    public void It_is_alone_until_it_joins_and_after_its_exit()
    {
        var cluster = new ReactorCluster();
        Assert.Equal((ClusterStatus.Alone, (string?)null, (string?)null), (cluster.Status, cluster.Name, cluster.Broker));
        Assert.Equal($"node {cluster.Node}, in no cluster", $"{cluster}");
        var backplane = new RecordingBackplane(_broker);
        Assert.True(cluster.Join("chat", backplane));
        Assert.False(cluster.Join("other", new RecordingBackplane(_broker)));
        Assert.Equal((ClusterStatus.Connected, "chat", "test"), (cluster.Status, cluster.Name, cluster.Broker));
        Assert.Equal($"node {cluster.Node} of cluster chat (test, Connected)", $"{cluster}");
        backplane.Failure = Lost();
        Assert.Equal(ClusterStatus.Reconnecting, cluster.Status);
        cluster.Exit();
        cluster.Exit();
        Assert.True(backplane.IsDisposed);
        Assert.Equal(ClusterStatus.Alone, cluster.Status);
    }

    [Fact]
    public void Subscribers_move_with_their_node()
    {
        var (one, two) = (new ReactorCluster(), new ReactorCluster());
        Subscribe(one, "one", "a.*");
        two.Join("chat", new RecordingBackplane(_broker));
        two.Publish("a.x", Payload.OfText("early"));
        one.Join("chat", new RecordingBackplane(_broker));
        two.Publish("a.x", Payload.OfText("joined"));
        one.Exit();
        two.Publish("a.x", Payload.OfText("late"));
        one.Publish("a.x", Payload.OfText("own"));
        Assert.Equal(["one a.x joined", "one a.x own"], _seen);
    }

    [Fact]
    public void Clusters_with_other_names_are_apart()
    {
        var (one, two) = (new ReactorCluster(), new ReactorCluster());
        one.Join("one", new RecordingBackplane(_broker));
        two.Join("two", new RecordingBackplane(_broker));
        Subscribe(one, "one", ">");
        two.Publish("a", Payload.OfText("x"));
        two.Publish("_.own", Payload.OfText("x"));
        one.Publish("_.own", Payload.OfText("x"));
        Assert.Empty(_seen);
    }

    [Fact]
    public void Subscribers_to_a_pattern_share_a_subscription_but_those_of_queues_have_their_own()
    {
        var cluster = new ReactorCluster();
        var backplane = new RecordingBackplane(_broker);
        cluster.Join("chat", backplane);
        IDisposable[] all =
        [
            Subscribe(cluster, "one", "a"), Subscribe(cluster, "two", "a"), Subscribe(cluster, "three", "a", "q"),
            Subscribe(cluster, "four", "a", "q"), Subscribe(cluster, "five", "_.own"),
        ];
        Assert.Equal(["chat.a", "chat.a q", "chat.a q", "_chat.own"], backplane.Subscriptions);
        all[0].Dispose();
        Assert.Equal(4, backplane.Subscriptions.Count);
        cluster.Publish("a", Payload.OfText("x"));
        Assert.Contains("two a x", _seen);
        foreach (IDisposable subscription in all)
            subscription.Dispose();
        Assert.Empty(backplane.Subscriptions);
    }

    [Fact]
    public void A_request_gets_the_first_reply()
    {
        using var rig = new DeferredRig();
        var (one, two) = (new ReactorCluster(), new ReactorCluster());
        one.Join("chat", new RecordingBackplane(_broker));
        two.Join("chat", new RecordingBackplane(_broker));
        two.Subscribe("ask", null, message =>
        {
            two.Reply(message, Payload.OfText("first"));
            two.Reply(message, Payload.OfText("second"));
        });
        Deferred reply = one.Requests.Send(rig.Reactor, "ask", Payload.OfText("x"), null, null);
        rig.Reactor.TurnUntil(() => reply.Status != DeferredStatus.Waiting);
        Assert.Equal("first", ((Payload)reply.Result!).Text);
    }

    [Fact]
    public void A_request_that_fails_to_be_sent_leaves_nothing_behind()
    {
        using var rig = new DeferredRig();
        var cluster = new ReactorCluster();
        var backplane = new RecordingBackplane(_broker);
        cluster.Join("chat", backplane);
        backplane.Failure = Lost();
        Assert.Throws<BackplaneException>(() => cluster.Requests.Send(rig.Reactor, "ask", default, null, null));
    }

    [Theory]
    [InlineData("chat", true)]
    [InlineData("Chat-2_b", true)]
    [InlineData("_chat", false)]
    [InlineData("a.b", false)]
    [InlineData("", false)]
    [InlineData("a\n", false)]
    public void The_name_of_a_cluster_is_one_word(string name, bool isValid) =>
        Assert.Equal(isValid, ReactorCluster.WhyInvalid(name) is null);

    [Fact]
    public void The_first_word_of_its_own_messages_is_not_for_scripts()
    {
        Assert.NotNull(ReactorCluster.WhyInvalid("_.server.x", isPattern: false));
        Assert.Null(ReactorCluster.WhyInvalid("_x.a", isPattern: false));
        Assert.Null(ReactorCluster.WhyInvalid("a.>", isPattern: true));
    }

    private static BackplaneException Lost() => new(BackplaneFault.Disconnected, "lost");

    private IDisposable Subscribe(ReactorCluster cluster, string name, string pattern, string? queue = null) =>
        cluster.Subscribe(pattern, queue, message => _seen.Add($"{name} {message.Subject} {message.Payload.Text}"));
}
