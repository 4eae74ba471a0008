namespace TwistedPS.Tests;

public sealed class RelayTests
{
    private const int Limit = 100_000;

    [Theory]
    [ClassData(typeof(Carriers))]
    public void All_bytes_pass_both_ways_first_those_that_had_arrived_and_no_handler_sees_them(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer near, out IPeer far);
        near.Send("relay\nno line\xff\r\n\n.");
        far.Expect("no line\xff\r\n\n.");
        far.Send("back\0\r\n");
        near.Expect("back\0\r\n");
        near.Send("more\n");
        far.Expect("more\n");
        Assert.Equal(["relay"], rig.Handler.LinesOf(1));
        Assert.Empty(rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_the_handler_writes_comes_before_the_bytes_of_the_other(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer near, out IPeer far, afterwards: connection => connection.Send("granted"));
        far.Send("x");
        rig.Until(() => rig.Server.Connections[0].BytesIn == 1);
        near.Send("relay\n");
        near.Expect("granted\r\nx");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_half_close_is_passed_on_and_both_close_when_both_have_ended(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer near, out IPeer far);
        near.Send("relay\nlast");
        near.HalfClose();
        Assert.Equal("last", far.ReceiveToEnd());
        far.Send("answer");
        near.Expect("answer");
        Assert.Equal(2, rig.Server.ConnectionCount);
        far.HalfClose();
        Assert.Equal("", near.ReceiveToEnd());
        rig.Until(() => rig.Handler.Has("disconnect 0: Done") && rig.Handler.Has("disconnect 1: Done"));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void An_answer_still_to_come_does_not_hold_the_half_close_up(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer near, out IPeer far, afterwards: connection => connection.Hold());
        near.Send("relay\n");
        far.Send("all");
        far.HalfClose();
        Assert.Equal("all", near.ReceiveToEnd());
    }

    [Theory]
    [ClassData(typeof(ResettingCarriers))]
    public void The_loss_of_one_aborts_the_other(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer near, out IPeer far);
        near.Send("relay\nx");
        far.Expect("x");
        near.Reset();
        rig.Until(() => rig.Handler.Has("disconnect 1: Lost") && rig.Handler.Has("disconnect 0: Aborted"));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_close_of_one_closes_the_other_after_all_that_it_has_sent(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer near, out IPeer far);
        near.Send("relay\nx");
        far.Expect("x");
        rig.Do(rig.Server.Connections[1].Close);
        Assert.Equal("", near.ReceiveToEnd());
        near.Close();
        Assert.Equal("", far.ReceiveToEnd());
        far.Close();
        rig.Until("disconnect 0: Done");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public async Task A_peer_that_does_not_read_holds_up_the_other_and_nothing_is_lost(Carrier carrier)
    {
        const int Bytes = 40_000_000;
        byte[] sent = new byte[Bytes];
        new Random(1).NextBytes(sent);
        using Rig rig = Start(carrier, out IPeer near, out IPeer far);
        far.StopReading();
        near.Send("relay\n");
        Task sending = carrier == Carrier.Memory ? Task.CompletedTask : Task.Run(() => near.Send(sent));
        if (carrier == Carrier.Memory)
            near.Send(sent);
        LineConnection[] connections = rig.Server.Connections;
        rig.Until(() => connections[0].UnsentBytes > Limit);
        rig.Do(() => Assert.InRange(connections[0].UnsentBytes, Limit + 1, Limit + (2 * 65536)));
        far.Send("the other way is open");
        near.Expect("the other way is open");
        far.GoOnReading();
        Assert.True(sent.AsSpan().SequenceEqual(far.ReceiveBytes(Bytes)), "What has arrived is not what was sent.");
        await sending.Soon();
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_can_not_be_relayed_is_refused(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer near, out IPeer far);
        using IPeer third = rig.Connect();
        rig.Until("connect 2");
        LineConnection[] connections = rig.Server.Connections;
        using Rig elsewhere = Rig.Create(carrier);
        using IPeer foreign = elsewhere.Connect();
        elsewhere.Until("connect 0");
        Refused(connections[1], connections[1], "to itself");
        Refused(connections[1], elsewhere.Server.Connections[0], "not on the same reactor");
        near.Send("relay\nx");
        far.Expect("x");
        Refused(connections[1], connections[2], "already");
        Refused(connections[2], connections[0], "already");
        rig.Do(connections[2].Abort);
        rig.Until("disconnect 2: Aborted");
        Assert.Throws<NotConnectedException>(() => connections[2].RelayTo(connections[0]));
    }

    private static void Refused(Connection one, Connection other, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidOperationException>(() => one.RelayTo(other)).Message, StringComparison.Ordinal);

    /// <summary>A server whose second connection is relayed to the first at a line that says so.</summary>
    private static Rig Start(Carrier carrier, out IPeer near, out IPeer far, Action<LineConnection>? afterwards = null)
    {
        LineServer? server = null;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                connection.RelayTo(server!.Connections[0]);
                afterwards?.Invoke(connection);
            },
        };
        Rig rig = Rig.Create(carrier, handler, new ServerOptions { SendBufferLimit = Limit });
        server = rig.Server;
        far = rig.Connect();
        rig.Until("connect 0");
        near = rig.Connect();
        rig.Until("connect 1");
        return rig;
    }
}
