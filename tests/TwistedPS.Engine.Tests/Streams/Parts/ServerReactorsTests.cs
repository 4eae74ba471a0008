namespace TwistedPS.Tests;

public sealed class ServerReactorsTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Connections_are_spread_evenly(PollerKind poller)
    {
        using var rig = new ReactorsRig(poller, 3);
        SocketPeer[] peers = [.. Enumerable.Range(0, 6).Select(_ => rig.Connect())];
        Assert.Equal([2, 2, 2], rig.Connects);
        foreach (SocketPeer peer in peers)
        {
            peer.Send("hello\r\n");
            peer.Expect("hello\r\n");
        }

        Assert.All(rig.Handlers, handler => Assert.Equal(2, handler.Events.Count(it => it.StartsWith("line ", StringComparison.Ordinal))));
        Assert.All(rig.Server.Connections, connection => Assert.Same(rig.Server, connection.Owner));
        Assert.Equal(Enumerable.Range(0, 6), rig.Server.Connections.Select(connection => connection.Number).Order());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void The_next_goes_where_one_has_left(PollerKind poller)
    {
        using var rig = new ReactorsRig(poller, 2);
        using SocketPeer first = rig.Connect();
        SocketPeer second = rig.Connect();
        second.Close();
        ReactorsRig.Until(() => rig.Server.Parts.Cast<ServerPart>().Last().Load == 0);
        using SocketPeer third = rig.Connect();
        Assert.Equal([1, 2], rig.Connects);
    }

    [Theory]
    [InlineData(PollerKind.Pool, 0)]
    [InlineData(PollerKind.Pool, 1)]
    [InlineData(PollerKind.Auto, 0)]
    [InlineData(PollerKind.Auto, 1)]
    public void A_handler_that_blocks_holds_up_its_own_reactor_only(PollerKind poller, int blocked)
    {
        using var go = new ManualResetEventSlim();
        using var isBlocked = new ManualResetEventSlim();
        using var rig = new ReactorsRig(poller, 2, i => i != blocked ? RecordingHandler.Echo() : new RecordingHandler
        {
            OnLine = (_, _) =>
            {
                isBlocked.Set();
                go.Wait(Waiting.Limit);
            },
        });
        using SocketPeer first = rig.Connect();
        using SocketPeer second = rig.Connect();
        (SocketPeer stuck, SocketPeer free) = blocked == 0 ? (first, second) : (second, first);
        stuck.Send("block\r\n");
        Assert.True(isBlocked.Wait(Waiting.Limit));
        for (int i = 0; i < 3; i++)
        {
            free.Send("go on\r\n");
            free.Expect("go on\r\n");
        }

        go.Set();
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_broadcast_and_a_group_reach_the_members_on_all_reactors(PollerKind poller)
    {
        using var rig = new ReactorsRig(poller, 2, _ => new RecordingHandler
        {
            OnConnect = connection => ((LineServer)connection.Owner).Groups["all"].Add(connection),
            OnLine = (connection, line) =>
            {
                var server = (LineServer)connection.Owner;
                server.Broadcast("broadcast\r\n"u8.ToArray(), 1, () => server.Connections);
                server.Broadcast("group\r\n"u8.ToArray(), 1, () => server.Groups["all"].Members);
                foreach (Connection other in server.Groups["all"])
                    ((LineConnection)other).Send($"one {line}");
            },
        });
        using SocketPeer first = rig.Connect();
        using SocketPeer second = rig.Connect();
        Assert.Equal(2, rig.Server.Groups["all"].Count);
        foreach (SocketPeer speaker in new[] { first, second })
        {
            speaker.Send("a\r\n");
            first.Expect("broadcast\r\ngroup\r\none a\r\n");
            second.Expect("broadcast\r\ngroup\r\none a\r\n");
        }

        second.Close();
        ReactorsRig.Until(() => rig.Server.Groups["all"].Count == 1);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Its_counts_are_those_of_all_reactors(PollerKind poller)
    {
        using var rig = new ReactorsRig(poller, 2);
        using SocketPeer first = rig.Connect();
        SocketPeer second = rig.Connect();
        foreach (SocketPeer peer in new[] { first, second })
        {
            peer.Send("abc\r\nde\r\n");
            peer.Expect("abc\r\nde\r\n");
        }

        second.Close();
        ReactorsRig.Until(() => rig.Server.ConnectionCount == 1);
        ReactorsRig.Until(() => rig.Server.BytesOut == 18);
        Assert.Equal(2, rig.Server.TotalConnections);
        Assert.Equal(4, rig.Server.LinesIn);
        Assert.Equal(4, rig.Server.LinesOut);
        Assert.Equal(18, rig.Server.BytesIn);
        Assert.Equal(2, rig.Server.ReactorCount);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_limit_is_one_for_all_reactors(PollerKind poller)
    {
        using var rig = new ReactorsRig(poller, 2, options: new ServerOptions { MaxConnections = 3, RefusedMessage = "full" });
        SocketPeer[] served = [.. Enumerable.Range(0, 3).Select(_ => rig.Connect())];
        using (var refused = new SocketPeer(rig.Server.EndPoint!))
            Assert.Equal("full\r\n", refused.ReceiveToEnd());
        Assert.Equal(1, rig.Server.RefusedConnections);
        served[1].Close();
        ReactorsRig.Until(() => rig.Server.ConnectionCount == 2);
        using SocketPeer next = rig.Connect();
        Assert.Equal(4, rig.Connects.Sum());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_stop_ends_all_and_the_further_reactors_and_then_calls_OnStop_once(PollerKind poller)
    {
        var rig = new ReactorsRig(poller, 3);
        SocketPeer[] peers = [.. Enumerable.Range(0, 3).Select(_ => rig.Connect())];
        await rig.StopAsync();
        Assert.All(peers, peer => Assert.Equal("", peer.ReceiveToReset()));
        Assert.Equal(["start", "connect 0", "disconnect 0: ServerStopped", "stop"], rig.Handlers[0].Events);
        Assert.Equal(["connect 1", "disconnect 1: ServerStopped"], rig.Handlers[1].Events);
        Assert.Equal(["connect 2", "disconnect 2: ServerStopped"], rig.Handlers[2].Events);
        Assert.All(rig.Further, reactor => Assert.True(reactor.IsStopped && reactor.Services.Length == 0));
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
        rig.Dispose();
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task OnStop_comes_after_the_last_OnDisconnect_of_any_reactor(PollerKind poller)
    {
        using var go = new ManualResetEventSlim();
        using var isLost = new ManualResetEventSlim();
        using var rig = new ReactorsRig(poller, 2, _ => new RecordingHandler
        {
            OnDisconnect = (connection, _) =>
            {
                if (connection.Number == 1)
                {
                    isLost.Set();
                    go.Wait(Waiting.Limit);
                }
            },
        });
        using SocketPeer first = rig.Connect();
        using SocketPeer second = rig.Connect();
        Task stopped = rig.Server.StopAsync(TimeSpan.Zero);
        Assert.True(isLost.Wait(Waiting.Limit));
        ReactorsRig.Until(() => rig.Handlers[0].Has("disconnect 0: ServerStopped"));
        Assert.False(rig.Handlers[0].Has("stop"));
        go.Set();
        await stopped.Soon();
        Assert.True(rig.Handlers[0].Has("stop"));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task The_end_of_one_of_its_reactors_ends_the_server(PollerKind poller)
    {
        using var rig = new ReactorsRig(poller, 2);
        using SocketPeer first = rig.Connect();
        using SocketPeer second = rig.Connect();
        Assert.Equal([rig.Server], rig.Further[0].Services);
        rig.Further[0].Stop();
        await rig.Server.Completion.Soon();
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
        Assert.Equal("", first.ReceiveToReset());
        Assert.Equal("", second.ReceiveToReset());
    }

    [Fact]
    public void The_error_of_a_handler_closes_its_connection_and_is_the_servers()
    {
        using var rig = new ReactorsRig(PollerKind.Auto, 2, _ => new RecordingHandler { OnLine = (_, _) => throw new InvalidOperationException("oops") });
        using SocketPeer first = rig.Connect();
        using SocketPeer second = rig.Connect();
        second.Send("a\r\n");
        Assert.Equal("", second.ReceiveToEnd());
        Assert.Equal("oops", Assert.Single(rig.Server.Errors).Message);
        Assert.Contains(rig.Server.Log, entry => entry.Message.Contains("OnLine failed: oops", StringComparison.Ordinal));
        first.Send("b\r\n");
        Assert.Equal("", first.ReceiveToEnd());
        Assert.Equal(2, rig.Server.ErrorCount);
    }

    [Fact]
    public void Its_state_is_a_shared_table_with_several_reactors_only()
    {
        using var one = new ReactorsRig(PollerKind.Auto, 1);
        using var two = new ReactorsRig(PollerKind.Auto, 2);
        Assert.IsNotType<SharedTable>(one.Server.State);
        Assert.IsType<SharedTable>(two.Server.State);
    }
}
