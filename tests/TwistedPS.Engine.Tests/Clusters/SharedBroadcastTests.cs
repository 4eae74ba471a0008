using System.Text;

namespace TwistedPS.Tests;

public sealed class SharedBroadcastTests : IDisposable
{
    private readonly LocalBackplane _broker = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public void What_is_sent_to_all_reaches_the_servers_of_the_same_name_on_all_nodes_once()
    {
        using MemoryRig one = Serve("chat", out RecordingBackplane first);
        using MemoryRig two = Serve("chat", out _);
        using MemoryRig other = Serve("other", out _);
        MemoryPeer[] peers = [one.Connect(), two.Connect(), two.Connect(), other.Connect()];
        Send(one, "hello");
        Send(two, "world");
        Send(other, "apart");
        foreach (MemoryPeer peer in peers[..3])
            AssertReceived(peer, "hello\r\nworld\r\n");
        AssertReceived(peers[3], "apart\r\n");
        Assert.Equal(1, first.Published);
    }

    [Fact]
    public void What_is_sent_to_a_group_reaches_its_members_on_all_nodes()
    {
        using MemoryRig one = Serve("chat", out _);
        using MemoryRig two = Serve("chat", out _);
        MemoryPeer member = two.Connect();
        MemoryPeer stranger = two.Connect();
        two.Do(() => two.Server.Groups["#go"].Add(two.Server.Connections[0]));
        one.Do(() => one.Server.Broadcast("in\r\n"u8.ToArray(), 1, one.Server.Groups["#go"], []));
        Send(one, "all");
        AssertReceived(member, "in\r\nall\r\n");
        AssertReceived(stranger, "all\r\n");
    }

    [Fact]
    public void A_server_without_a_name_and_one_that_has_stopped_stay_apart()
    {
        using MemoryRig one = Serve(null, out RecordingBackplane first);
        using MemoryRig two = Serve("chat", out RecordingBackplane second);
        Send(one, "hello");
        Assert.Equal(0, first.Published);
        Assert.Single(second.Subscriptions);
        two.Do(two.Server.Dispose);
        two.Until(() => two.Server.Status == ServerStatus.Stopped);
        Assert.Empty(second.Subscriptions);
    }

    [Fact]
    public void While_the_broker_is_away_a_server_sends_to_its_own_and_notes_it_once()
    {
        using MemoryRig one = Serve("chat", out RecordingBackplane backplane);
        MemoryPeer peer = one.Connect();
        backplane.Failure = new BackplaneException(BackplaneFault.Disconnected, "it is away");
        Send(one, "a");
        Send(one, "b");
        AssertReceived(peer, "a\r\nb\r\n");
        Assert.Single(one.Server.Log, entry => entry.Level == LogLevel.Warning && entry.Message.Contains("it is away", StringComparison.Ordinal));
    }

    [Fact]
    public void What_others_send_to_its_subject_is_noted()
    {
        using MemoryRig one = Serve("a.b c", out RecordingBackplane backplane);
        Assert.Equal(["_c.server.LineServer.a%2Eb%20c.*"], backplane.Subscriptions);
        backplane.Publish("_c.server.LineServer.a%2Eb%20c.stranger", default);
        Assert.Single(one.Server.Log, entry => entry.Level == LogLevel.Warning);
    }

    private static void Send(MemoryRig rig, string line) =>
        rig.Do(() => rig.Server.Broadcast(Encoding.UTF8.GetBytes($"{line}\r\n"), 1, null, []));

    private static void AssertReceived(MemoryPeer peer, string text)
    {
        Assert.Equal(text, Encoding.UTF8.GetString(peer.ReceiveBytes(text.Length)));
        Assert.Equal(0, peer.Unread);
    }

    private MemoryRig Serve(string? name, out RecordingBackplane backplane)
    {
        var cluster = new ReactorCluster();
        backplane = new RecordingBackplane(_broker);
        cluster.Join("c", backplane);
        return new MemoryRig(options: new ServerOptions { Name = name, Cluster = cluster });
    }
}
