namespace TwistedPS.Tests;

public sealed class TimeLimitTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_connection_closes_in_order_at_the_end_of_its_time(Carrier carrier)
    {
        var options = new ServerOptions { TimeLimit = TimeSpan.FromSeconds(10) };
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, RecordingHandler.Echo(), options);
        using IPeer peer = rig.Connect();
        for (int second = 1; second < 10; second++)
        {
            peer.Send($"{second}\n");
            peer.Expect($"{second}\r\n");
            ThrottleTests.Advance(rig, clock, 1);
        }

        rig.Do(() => Assert.Equal(ConnectionStatus.Open, rig.Server.Connections[0].Status));
        ThrottleTests.Advance(rig, clock, 1);
        Assert.Equal("", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("disconnect 0: TimeLimit");
    }

    [Fact]
    public void A_peer_that_does_not_close_is_dropped_after_the_drain_time()
    {
        using var rig = new MemoryRig(options: new ServerOptions { TimeLimit = TimeSpan.FromSeconds(10), DrainTime = TimeSpan.FromSeconds(2) });
        rig.Connect();
        rig.Advance(10);
        Assert.Equal(ConnectionStatus.Closing, rig.Server.Connections[0].Status);
        rig.Advance(2);
        Assert.True(rig.Handler.Has("disconnect 0: TimeLimit"));
    }

    [Fact]
    public void An_answer_that_never_comes_is_not_waited_for()
    {
        var handler = new RecordingHandler { OnConnect = connection => connection.Hold() };
        using var rig = new MemoryRig(handler, new ServerOptions { TimeLimit = TimeSpan.FromSeconds(10), DrainTime = TimeSpan.FromSeconds(2) });
        rig.Connect();
        rig.Advance(10);
        rig.Advance(2);
        Assert.True(rig.Handler.Has("disconnect 0: TimeLimit"));
    }

    [Fact]
    public void A_handler_may_end_the_limit_or_move_it()
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) => connection.TimeLimit = line == "none" ? null : TimeSpan.FromSeconds(20),
        };
        using var rig = new MemoryRig(handler, new ServerOptions { TimeLimit = TimeSpan.FromSeconds(10) });
        MemoryPeer none = rig.Connect();
        MemoryPeer twenty = rig.Connect();
        rig.Advance(5);
        none.Send("none\n");
        twenty.Send("20\n");
        Assert.Equal((TimeSpan?[])[null, TimeSpan.FromSeconds(20)], rig.Server.Connections.Select(connection => connection.TimeLimit));
        rig.Advance(14.9);
        Assert.Equal(2, rig.Server.ConnectionCount);
        rig.Advance(0.1);
        Assert.True(twenty.HasEnded);
        rig.Advance(3600);
        Assert.False(none.HasEnded);
    }

    [Fact]
    public void A_limit_that_is_over_already_closes_once_the_handler_has_answered()
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, _) =>
            {
                connection.TimeLimit = TimeSpan.FromSeconds(1);
                connection.Send("bye");
            },
        };
        using var rig = new MemoryRig(handler);
        MemoryPeer peer = rig.Connect();
        rig.Advance(5);
        peer.Send("a\n");
        rig.Advance(0);
        Assert.Equal("bye\r\n", peer.ReceiveToEnd());
        peer.Close();
        rig.Advance(0);
        Assert.True(rig.Handler.Has("disconnect 0: TimeLimit"));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void An_idle_timeout_that_a_handler_sets_counts_from_then_on(Carrier carrier)
    {
        var handler = new RecordingHandler { OnLine = (connection, line) => connection.IdleTimeout = TimeSpan.Parse(line, null) };
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, handler, new ServerOptions { IdleTimeout = TimeSpan.FromSeconds(10) });
        using IPeer peer = rig.Connect();
        rig.Until("connect 0");
        ThrottleTests.Advance(rig, clock, 9);
        peer.Send("00:01:00\n");
        rig.Until("line 0: 00:01:00");
        ThrottleTests.Advance(rig, clock, 59);
        rig.Do(() => Assert.Equal(1, rig.Server.ConnectionCount));
        peer.Send("00:00:02\n");
        rig.Until("line 0: 00:00:02");
        ThrottleTests.Advance(rig, clock, 2);
        rig.Until("disconnect 0: TimedOut");
    }

    [Fact]
    public void An_idle_timeout_set_from_elsewhere_counts_from_then_on_as_well()
    {
        using var rig = new MemoryRig();
        rig.Connect();
        rig.Advance(100);
        LineConnection connection = rig.Server.Connections[0];
        Assert.Null(connection.IdleTimeout);
        rig.Do(() => connection.IdleTimeout = TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(10), connection.IdleTimeout);
        rig.Advance(9.9);
        Assert.Equal(1, rig.Server.ConnectionCount);
        rig.Advance(0.1);
        Assert.True(rig.Handler.Has("disconnect 0: TimedOut"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void None_and_zero_end_the_idle_timeout(bool isZero)
    {
        using var rig = new MemoryRig(options: new ServerOptions { IdleTimeout = TimeSpan.FromSeconds(10) });
        rig.Connect();
        rig.Do(() => rig.Server.Connections[0].IdleTimeout = isZero ? TimeSpan.Zero : null);
        rig.Advance(3600);
        Assert.Equal(1, rig.Server.ConnectionCount);
        Assert.Null(rig.Server.Connections[0].IdleTimeout);
    }

    [Fact]
    public void A_limit_of_zero_is_none()
    {
        using var rig = new MemoryRig(options: new ServerOptions { IdleTimeout = TimeSpan.Zero, TimeLimit = TimeSpan.Zero });
        rig.Connect();
        rig.Advance(3600);
        Assert.Equal(1, rig.Server.ConnectionCount);
        Assert.Null(rig.Reactor.Loop.NextDue);
    }

    [Fact]
    public void A_negative_time_is_refused_and_an_ended_connection_has_no_limits_any_more()
    {
        using var rig = new MemoryRig(options: new ServerOptions { IdleTimeout = TimeSpan.FromSeconds(1), TimeLimit = TimeSpan.FromSeconds(9) });
        rig.Connect();
        LineConnection connection = rig.Server.Connections[0];
        Assert.Throws<ArgumentOutOfRangeException>(() => connection.IdleTimeout = TimeSpan.FromSeconds(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => connection.TimeLimit = TimeSpan.FromSeconds(-1));
        rig.Advance(1);
        Assert.True(rig.Handler.Has("disconnect 0: TimedOut"));
        rig.Do(() => (connection.IdleTimeout, connection.TimeLimit) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));
        Assert.Null(rig.Reactor.Loop.NextDue);
    }
}
