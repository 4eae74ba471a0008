namespace TwistedPS.Tests;

public sealed class LineServerCloseTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G5")]
    public void Lines_after_a_close_in_the_same_packet_are_not_processed(Carrier carrier)
    {
        var handler = new RecordingHandler { OnLine = Goodbye(connection => connection.Close()) };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("goodbye\nhello\nhello\n");
        Assert.Equal("bye\r\n", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["goodbye"], handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G5")]
    public void Lines_after_an_abort_in_the_same_packet_are_not_processed(Carrier carrier)
    {
        var handler = new RecordingHandler { OnLine = Goodbye(connection => connection.Abort()) };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("goodbye\nhello\n");
        rig.Until("disconnect 0: Aborted");
        Assert.Equal(["goodbye"], handler.LinesOf(0));
        Assert.False(handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_a_handler_sends_after_its_close_goes_out(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, _) =>
            {
                connection.Close();
                connection.Close();
                connection.Send("one");
                connection.Send("two");
            },
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\nb\n");
        Assert.Equal("one\r\ntwo\r\n", peer.ReceiveToEnd());
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_connection_may_be_closed_as_it_is_made(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnConnect = connection =>
            {
                connection.Send("busy");
                connection.Close();
            },
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("junk\n");
        Assert.Equal("busy\r\n", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Empty(handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void The_status_follows_the_connections_life(Carrier carrier)
    {
        var seen = new List<(ConnectionStatus, CloseReason)>();
        void See(LineConnection connection) => seen.Add((connection.Status, connection.CloseReason));
        var handler = new RecordingHandler
        {
            OnConnect = See,
            OnLine = (connection, _) =>
            {
                connection.Close();
                See(connection);
            },
            OnDisconnect = (connection, _) =>
            {
                See(connection);
                connection.Close();
                See(connection);
            },
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        LineConnection? served = null;
        rig.Until("connect 0");
        rig.Do(() => served = rig.Server.Connections.Single());
        peer.Send("a\n");
        peer.ReceiveToEnd();
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(
            [
                (ConnectionStatus.Open, CloseReason.None),
                (ConnectionStatus.Closing, CloseReason.None),
                (ConnectionStatus.Closed, CloseReason.Done),
                (ConnectionStatus.Closed, CloseReason.Done),
            ],
            seen);
        Assert.Throws<NotConnectedException>(() => served!.Send("late"));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    [Trait("Check", "G6")]
    public void A_client_that_half_closes_gets_every_reply_and_then_the_end(PollerKind poller)
    {
        using var rig = new SocketRig(poller, RecordingHandler.Echo());
        using SocketPeer peer = rig.Connect();
        peer.Send("a\nb\n");
        peer.HalfClose();
        Assert.Equal("a\r\nb\r\n", peer.ReceiveToEnd());
        rig.Until("disconnect 0: Done");
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    [Trait("Check", "G6")]
    public void A_client_that_half_closes_gets_large_replies_in_full(PollerKind poller)
    {
        string large = new('x', 1_000_000);
        var handler = new RecordingHandler { OnLine = (connection, line) => connection.Send($"{line}{large}") };
        using var rig = new SocketRig(poller, handler);
        using SocketPeer peer = rig.Connect();
        peer.Send("1\n2\n3\n4\n5\n");
        peer.HalfClose();
        rig.Until("line 0: 1");
        string expected = string.Concat(Enumerable.Range(1, 5).Select(i => $"{i}{large}\r\n"));
        Assert.True(expected == peer.ReceiveToEnd(), "The replies are not what was sent.");
        rig.Until("disconnect 0: Done");
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    [Trait("Check", "G6")]
    public void Replies_that_wait_to_be_sent_outlast_the_end_of_the_client(PollerKind poller)
    {
        string large = new('x', 8_000_000);
        LineConnection? served = null;
        var handler = new RecordingHandler
        {
            OnConnect = connection => served = connection,
            OnLine = (connection, _) => connection.Send(large),
        };
        using var rig = new SocketRig(poller, handler, new ServerOptions { SendBufferLimit = int.MaxValue });
        using SocketPeer peer = rig.Connect();
        peer.Send("a\n");
        peer.HalfClose();
        rig.Until(() => served is { CloseReason: CloseReason.Done });
        Assert.NotEqual(0, served!.UnsentBytes);
        Assert.True($"{large}\r\n" == peer.ReceiveToEnd(), "The reply is not what was sent.");
        rig.Until("disconnect 0: Done");
    }

    [Fact]
    [Trait("Check", "G6")]
    public void In_memory_too_every_reply_is_sent_after_the_end_of_the_client()
    {
        using var rig = new MemoryRig(RecordingHandler.Echo());
        MemoryPeer peer = rig.Connect();
        peer.Send("a\nb\n");
        peer.Close();
        Assert.Equal(6, peer.Transport.Traffic.BytesIn);
        Assert.True(rig.Handler.Has("disconnect 0: Done"));
    }

    [Theory]
    [ClassData(typeof(ResettingCarriers))]
    [Trait("Check", "G8")]
    public void A_reset_by_the_client_is_told_once_as_a_loss(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, options: new ServerOptions { MaxConnections = 1 });
        IPeer peer = rig.Connect();
        peer.Send("a\n");
        rig.Until("line 0: a");
        peer.Reset();
        rig.Until("disconnect 0: Lost");
        using IPeer next = rig.Connect();
        next.Send("b\n");
        rig.Until("line 1: b");
        rig.Stop();
        Assert.Equal(1, rig.Handler.Events.Count(it => it.StartsWith("disconnect 0", StringComparison.Ordinal)));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    [Trait("Check", "G8")]
    public void A_client_that_is_gone_before_it_is_served_harms_nobody(PollerKind poller)
    {
        using var rig = new SocketRig(poller, RecordingHandler.Echo());
        for (int i = 0; i < 20; i++)
            rig.Connect().Reset();
        using SocketPeer peer = rig.Connect();
        peer.Send("a\n");
        peer.Expect("a\r\n");
        rig.Until(() => rig.Server.ConnectionCount == 1);
    }

    private static Action<LineConnection, string> Goodbye(Action<LineConnection> end) => (connection, line) =>
    {
        if (line != "goodbye")
            return;
        connection.Send("bye");
        end(connection);
    };
}
