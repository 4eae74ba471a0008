namespace TwistedPS.Tests;

public sealed class ConnectionHoldTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_close_that_is_asked_for_during_a_hold_is_done_at_the_last_release(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Holding(connection =>
        {
            connection.Hold();
            connection.Close();
        }));
        using IPeer peer = rig.Connect();
        peer.Send("hold\nlater\n");
        LineConnection held = UntilHeld(rig);
        rig.Do(() =>
        {
            held.Send("answer");
            held.Release();
            Assert.Equal((ConnectionStatus.Closing, CloseReason.None), (held.Status, held.CloseReason));
            held.Send("another");
            held.Release();
            Assert.Equal(CloseReason.Done, held.CloseReason);
        });
        Assert.Equal("answer\r\nanother\r\n", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["hold"], rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void The_end_of_sending_that_is_asked_for_during_a_hold_comes_after_the_answer(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Holding(connection =>
        {
            connection.EndSending();
            connection.Send("reply");
        }));
        using IPeer peer = rig.Connect();
        peer.Send("hold\n");
        LineConnection held = UntilHeld(rig);
        rig.Do(() =>
        {
            held.Send("answer");
            held.Release();
        });
        Assert.Equal("reply\r\nanswer\r\n", peer.ReceiveToEnd());
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_release_closes_nothing_that_nobody_asked_to_close(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Holding(_ => { }));
        using IPeer peer = rig.Connect();
        peer.Send("hold\nb\n");
        LineConnection held = UntilHeld(rig);
        rig.Do(held.Release);
        peer.Send("c\n");
        rig.Until("line 0: c");
        Assert.Equal(["hold", "b", "c"], rig.Handler.LinesOf(0));
        rig.Do(held.Close);
        Assert.Equal("", peer.ReceiveToEnd());
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void The_first_reason_to_close_stays(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Holding(connection =>
        {
            connection.Close();
            throw new FormatException();
        }));
        using IPeer peer = rig.Connect();
        peer.Send("hold\n");
        LineConnection held = UntilHeld(rig);
        rig.Do(held.Release);
        Assert.Equal("", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("disconnect 0: Done");
    }

    [Theory]
    [MemberData(nameof(CarriersAndClosing))]
    public void A_reset_by_the_peer_is_told_at_once_and_once(Carrier carrier, bool closing)
    {
        using Rig rig = Rig.Create(carrier, Holding(connection =>
        {
            if (closing)
                connection.Close();
        }));
        IPeer peer = rig.Connect();
        peer.Send("hold\n");
        LineConnection held = UntilHeld(rig);
        peer.Reset();
        rig.Until("disconnect 0: Lost");
        rig.Do(held.Release);
        rig.Stop();
        Assert.Equal(["start", "connect 0", "line 0: hold", "disconnect 0: Lost", "stop"], rig.Handler.Events);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void After_the_end_of_the_peer_answers_still_go_out(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Holding(_ => { }));
        using IPeer peer = rig.Connect();
        peer.Send("hold\nb\n");
        peer.HalfClose();
        LineConnection held = UntilHeld(rig);
        rig.Until(() => held.Status == ConnectionStatus.Closing);
        rig.Do(() =>
        {
            held.Send("answer");
            held.Release();
        });
        Assert.Equal("answer\r\n", peer.ReceiveToEnd());
        rig.Until("disconnect 0: Done");
        Assert.Equal(["hold", "b"], rig.Handler.LinesOf(0));
    }

    [Theory]
    [MemberData(nameof(CarriersAndClosing))]
    public void A_stop_of_the_server_without_drain_time_ends_it(Carrier carrier, bool closing)
    {
        using Rig rig = Rig.Create(carrier, Holding(connection =>
        {
            if (closing)
                connection.Close();
        }));
        using IPeer peer = rig.Connect();
        peer.Send("hold\n");
        UntilHeld(rig);
        rig.Stop(TimeSpan.Zero);
        Assert.True(rig.Handler.Has("disconnect 0: ServerStopped"));
    }

    [Fact]
    public void A_stop_of_the_server_waits_for_the_release_no_longer_than_the_drain_time()
    {
        using var rig = new MemoryRig(Holding(_ => { }));
        rig.Connect().Send("hold\n");
        rig.Do(() => _ = rig.Server.StopAsync(TimeSpan.FromSeconds(10)));
        rig.Advance(9.9);
        Assert.Equal(ServerStatus.Stopping, rig.Server.Status);
        rig.Advance(0.1);
        Assert.True(rig.Handler.Has("disconnect 0: ServerStopped"));
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_stop_of_the_server_lets_answers_go_out(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Holding(_ => { }));
        using IPeer peer = rig.Connect();
        peer.Send("hold\n");
        LineConnection held = UntilHeld(rig);
        rig.Do(() => _ = rig.Server.StopAsync(TimeSpan.FromMinutes(1)));
        rig.Do(() =>
        {
            held.Send("answer");
            held.Release();
        });
        Assert.Equal("answer\r\n", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("disconnect 0: ServerStopped");
    }

    public static TheoryData<Carrier, bool> CarriersAndClosing()
    {
        var data = new TheoryData<Carrier, bool>();
        foreach (Carrier carrier in new ResettingCarriers())
        {
            data.Add(carrier, false);
            data.Add(carrier, true);
        }

        return data;
    }

    /// <summary>Returns a handler that holds at the line "hold", and then does more.</summary>
    private static RecordingHandler Holding(Action<LineConnection> then) => new()
    {
        OnLine = (connection, line) =>
        {
            if (line != "hold")
                return;
            connection.Hold();
            then(connection);
        },
    };

    private static LineConnection UntilHeld(Rig rig)
    {
        rig.Until("line 0: hold");
        return rig.Server.Connections.Single();
    }
}
