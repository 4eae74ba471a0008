using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class LineServerLimitTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void Who_comes_over_the_limit_gets_no_byte_and_the_end(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Greeting(), new ServerOptions { MaxConnections = 2 });
        using IPeer first = rig.Connect();
        first.Expect("welcome\r\n");
        using IPeer second = rig.Connect();
        second.Expect("welcome\r\n");
        using IPeer third = rig.Connect();
        third.Send("a\n");
        Assert.Equal("", third.ReceiveToEnd());
        third.Close();
        first.Send("b\n");
        rig.Until("line 0: b");
        Assert.Empty(rig.Handler.LinesOf(2));
        Assert.False(rig.Handler.Has("connect 2"));
        Assert.Equal(1, rig.Server.RefusedConnections);
        Assert.Equal(2, rig.Server.ConnectionCount);
        rig.Until(() => Refused(rig).Length == 3);
        string address = carrier switch
        {
            Carrier.Memory => "memory",
            Carrier.Unix or Carrier.UnixPool => "unix",
            _ => "127.0.0.1",
        };
        Assert.All(Refused(rig), entry => Assert.Equal($"{rig.Server.Name},2,{address}", entry.Source));
        Assert.Equal(
            [$"Client connection from {address}", "Too many connections. bye !", "Lost client connection. Reason: Refused"],
            Refused(rig).Select(entry => entry.Message));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void When_one_leaves_the_next_is_served(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Greeting(), new ServerOptions { MaxConnections = 1 });
        for (int i = 0; i < 6; i++)
        {
            IPeer peer = rig.Connect();
            peer.Expect("welcome\r\n");
            if (i % 2 == 0)
                peer.Close();
            else
                peer.Reset();
            rig.Until(() => rig.Server.ConnectionCount == 0);
        }

        Assert.Equal(0, rig.Server.RefusedConnections);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_refused_one_frees_no_place(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Greeting(), new ServerOptions { MaxConnections = 1 });
        using IPeer first = rig.Connect();
        first.Expect("welcome\r\n");
        for (int i = 1; i <= 5; i++)
        {
            using IPeer refused = rig.Connect();
            Assert.Equal("", refused.ReceiveToEnd());
            refused.Close();
            rig.Until(() => rig.Server.RefusedConnections == i);
        }

        Assert.Equal(["start", "connect 0"], rig.Handler.Events);
    }

    [Theory]
    [ClassData(typeof(ResettingCarriers))]
    public void No_more_than_100_refused_ones_wait_for_their_peers_and_further_ones_are_reset(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Greeting(), new ServerOptions { MaxConnections = 1 });
        var peers = new List<IPeer>();
        void Connect(int count)
        {
            for (int i = 0; i < count; i++)
            {
                peers.Add(rig.Connect());
                rig.Until(() => rig.Server.TotalConnections == peers.Count);
            }
        }

        int Ended() => rig.Server.Log.Count(entry => entry.Message == "Lost client connection. Reason: Refused");

        Connect(1 + 100);
        rig.Do(() => Assert.Equal(0, Ended()));
        Connect(5);
        rig.Until(() => Ended() == 5);
        if (peers[^1] is SocketPeer reset)
            Assert.Throws<SocketException>(() => reset.ReceiveBytes(1));
        Assert.Equal("", peers[1].ReceiveToEnd());
        peers[1].Close();
        rig.Until(() => Ended() == 6);
        Connect(1);
        Assert.Equal("", peers[^1].ReceiveToEnd());
        Assert.Equal(6, Ended());
        peers.ForEach(peer => peer.Dispose());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void The_limit_for_an_address_counts_each_address_alone(PollerKind poller)
    {
        var options = new ServerOptions { MaxConnectionsPerAddress = 1 };
        using var rig = new SocketRig(poller, Greeting(), options);
        SocketPeer first = rig.Connect();
        first.Expect("welcome\r\n");
        using SocketPeer second = rig.Connect();
        Assert.Equal("", second.ReceiveToEnd());
        first.Close();
        rig.Until(() => rig.Server.ConnectionCount == 0);
        using SocketPeer third = rig.Connect();
        third.Expect("welcome\r\n");
    }

    [Fact]
    public void Places_are_given_in_all_and_for_each_address()
    {
        Address one = Address.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1));
        Address two = Address.From(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 2));
        var limit = new ConnectionLimit(3, 2);
        Assert.True(limit.TryEnter(one));
        Assert.True(limit.TryEnter(one));
        Assert.False(limit.TryEnter(one));
        Assert.True(limit.TryEnter(two));
        Assert.False(limit.TryEnter(two));
        limit.Leave(one);
        Assert.True(limit.TryEnter(two));
        Assert.False(limit.TryEnter(one));
    }

    [Fact]
    public void Without_limits_everybody_has_a_place()
    {
        var limit = new ConnectionLimit(null, null);
        for (int i = 0; i < 1000; i++)
            Assert.True(limit.TryEnter(Address.From(new IPEndPoint(IPAddress.Loopback, 1))));
    }

    [Fact]
    public void A_connection_without_activity_is_ended_after_the_idle_timeout()
    {
        using var rig = new MemoryRig(options: Idle(10));
        MemoryPeer peer = rig.Connect();
        rig.Advance(9.9);
        Assert.False(peer.IsLost);
        rig.Advance(0.1);
        Assert.True(rig.Handler.Has("disconnect 0: TimedOut"));
    }

    [Fact]
    public void What_comes_or_goes_begins_the_idle_timeout_anew()
    {
        using var rig = new MemoryRig(options: Idle(10));
        MemoryPeer peer = rig.Connect();
        rig.Advance(9);
        peer.Send("a");
        rig.Advance(9);
        rig.Do(() => rig.Server.Connections.Single().Send("b"));
        rig.Reactor.Turn();
        rig.Advance(9);
        Assert.False(rig.Handler.Has("disconnect 0: TimedOut"));
        rig.Advance(1);
        Assert.True(rig.Handler.Has("disconnect 0: TimedOut"));
    }

    [Fact]
    public void The_idle_timeout_counts_from_the_last_activity()
    {
        using var rig = new MemoryRig(options: Idle(10));
        MemoryPeer peer = rig.Connect();
        rig.Advance(4);
        peer.Send("a");
        rig.Advance(6);
        rig.Advance(3.9);
        Assert.False(rig.Handler.Has("disconnect 0: TimedOut"));
        rig.Advance(0.1);
        Assert.True(rig.Handler.Has("disconnect 0: TimedOut"));
    }

    [Fact]
    public void An_ended_connection_is_not_timed_out()
    {
        using var rig = new MemoryRig(options: Idle(10));
        rig.Connect().Close();
        rig.Advance(60);
        Assert.Equal(["start", "connect 0", "disconnect 0: Done"], rig.Handler.Events);
    }

    private static ServerOptions Idle(double seconds) => new() { IdleTimeout = TimeSpan.FromSeconds(seconds) };

    private static LogEntry[] Refused(Rig rig) =>
        [.. rig.Server.Log.Where(entry => entry.Source.StartsWith($"{rig.Server.Name},2,", StringComparison.Ordinal))];

    private static RecordingHandler Greeting() => new() { OnConnect = connection => connection.Send("welcome") };
}
