namespace TwistedPS.Tests;

public sealed class PresenceTests : IDisposable
{
    private readonly LocalBackplane _broker = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public void A_node_alone_knows_itself_and_its_servers()
    {
        var cluster = new ReactorCluster(_clock);
        int connections = 3;
        IDisposable announcement = cluster.Presence.Announce(() => new ClusterServer("LineServer", "Chat", connections));
        Assert.Equal(3, Assert.Single(cluster.Nodes).ConnectionCount);
        connections = 4;
        ClusterNode node = Assert.Single(cluster.Nodes);
        Assert.Equal([new ClusterServer("LineServer", "Chat", 4)], node.Servers);
        Assert.Equal($"node {cluster.Node}: Chat (LineServer, 4)", $"{node}");
        announcement.Dispose();
        Assert.Equal($"node {cluster.Node}: no servers", $"{Assert.Single(cluster.Nodes)}");
    }

    [Fact]
    public void Nodes_know_each_other_at_once()
    {
        var (one, two, three) = (Join(), Join(), Join("other"));
        Advance(0);
        Assert.Equal([one.Node, two.Node], NamesOf(one));
        Assert.Equal([two.Node, one.Node], NamesOf(two));
        Assert.Equal([three.Node], NamesOf(three));
    }

    [Fact]
    public void A_node_that_comes_later_knows_the_others_at_once()
    {
        ReactorCluster one = Join();
        Advance(0);
        ReactorCluster two = Join();
        Advance(0);
        Advance(0);
        Assert.Equal([two.Node, one.Node], NamesOf(two));
    }

    [Fact]
    public void What_a_node_serves_is_known_at_once_and_its_connections_within_an_interval()
    {
        var (one, two) = (Join(), Join());
        int connections = 1;
        Advance(0);
        IDisposable server = two.Presence.Announce(() => new ClusterServer("LineServer", "Chat", connections));
        Advance(0);
        Assert.Equal([new ClusterServer("LineServer", "Chat", 1)], one.Nodes[1].Servers);
        connections = 2;
        Advance(2);
        Assert.Equal(2, one.Nodes[1].ConnectionCount);
        server.Dispose();
        Advance(0);
        Assert.Empty(one.Nodes[1].Servers);
    }

    [Fact]
    public void A_node_may_be_hastened_while_it_tells_others()
    {
        ReactorCluster one = Join();
        bool? isDone = null;
        using IDisposable listener = _broker.Subscribe(
            ">", null, _ => isDone ??= Task.Run(() => one.Presence.Announce(() => new ClusterServer("LineServer", "Chat", 1))).Wait(TimeSpan.FromSeconds(30)));
        Advance(0);
        Assert.True(isDone);
    }

    [Fact]
    public void A_dead_node_is_gone_after_7_seconds_and_back_when_it_speaks_again()
    {
        var one = Join();
        var backplane = new RecordingBackplane(_broker);
        var two = Join(backplane: backplane);
        Advance(0);
        backplane.Failure = new BackplaneException(BackplaneFault.Disconnected, "lost");
        Advance(6.9);
        Assert.Equal([one.Node, two.Node], NamesOf(one));
        Advance(0.1);
        Assert.Equal([one.Node], NamesOf(one));
        backplane.Failure = null;
        Advance(2);
        Assert.Equal([one.Node, two.Node], NamesOf(one));
    }

    [Fact]
    public void A_living_node_stays()
    {
        var (one, two) = (Join(), Join());
        for (int second = 0; second < 60; second++)
        {
            Advance(1);
            Assert.Equal([one.Node, two.Node], NamesOf(one));
        }
    }

    [Fact]
    public void A_node_that_leaves_is_gone_at_once_and_says_nothing_more()
    {
        var (one, two) = (Join(), Join());
        Advance(0);
        two.Presence.Leave();
        Assert.Equal([one.Node], NamesOf(one));
        Advance(10);
        Assert.Equal([one.Node], NamesOf(one));
        two.Exit();
        Assert.Equal([two.Node], NamesOf(two));
        Assert.Equal(1, _clock.WaitingTimers);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("null")]
    [InlineData("[null, {}]")]
    public void A_node_that_says_nonsense_is_there(string text)
    {
        ReactorCluster cluster = Join();
        _broker.Publish("_chat.node.x", Payload.OfText(text));
        Assert.Equal("node x: no servers", $"{cluster.Nodes[1]}");
    }

    private ReactorCluster Join(string name = "chat", RecordingBackplane? backplane = null)
    {
        var cluster = new ReactorCluster(_clock);
        cluster.Join(name, backplane ?? new RecordingBackplane(_broker));
        return cluster;
    }

    private void Advance(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    private static IEnumerable<string> NamesOf(ReactorCluster cluster) => cluster.Nodes.Select(node => node.Name);
}
