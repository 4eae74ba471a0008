using System.Buffers;

namespace TwistedPS.Tests;

/// <summary>What a connection has sent is handled in several turns once it has had its time. Each call here takes 15 ms of 20.</summary>
public sealed class MessageTurnTests
{
    private static readonly TimeSpan s_call = TimeSpan.FromMilliseconds(15);

    private ManualClock _clock = new();

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Others_get_their_turn_while_a_connection_has_much_to_handle(Carrier carrier)
    {
        var order = new List<string>();
        using Rig rig = Create(carrier, (connection, line) =>
        {
            order.Add(line);
            if (line != "1")
                return;
            connection.Owner.Reactor.Post(() => order.Add("posted"));
            connection.Owner.Reactor.CallLater(s_call, () => order.Add("timer"));
        });
        rig.Connect().Send("1\n2\n3\n4\n5\n");
        rig.Until(() => order.Count == 7);
        string all = string.Join(' ', order);
        Assert.True(order.IndexOf("posted") < order.IndexOf("5") && order.IndexOf("timer") < order.IndexOf("5"), all);
        Assert.Equal(["1", "2", "3", "4", "5"], order.Except(["posted", "timer"]));
    }

    [Fact]
    public void Connections_that_have_much_to_handle_take_turns()
    {
        var order = new List<string>();
        using Rig rig = Create(Carrier.Memory, (_, line) => order.Add(line));
        (MemoryPeer first, MemoryPeer second) = ((MemoryPeer)rig.Connect(), (MemoryPeer)rig.Connect());
        first.Transport.Output!.Write("a1\na2\na3\na4\na5\na6\n"u8);
        second.Transport.Output!.Write("b1\nb2\nb3\nb4\nb5\nb6\n"u8);
        rig.Until(() => order.Count == 12);
        string all = string.Join(' ', order);
        Assert.True(order.IndexOf("b1") < order.IndexOf("a6") && order.IndexOf("a1") < order.IndexOf("b6"), all);
        Assert.Equal(["a1", "a2", "a3", "a4", "a5", "a6"], order.Where(line => line[0] == 'a'));
        Assert.Equal(["b1", "b2", "b3", "b4", "b5", "b6"], order.Where(line => line[0] == 'b'));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void The_end_of_the_stream_comes_after_all_lines(Carrier carrier)
    {
        using Rig rig = Create(carrier, (connection, line) => connection.Send(line));
        IPeer peer = rig.Connect();
        peer.Send("1\n2\n3\n4\n5");
        peer.Send("\n6\nx");
        peer.HalfClose();
        Assert.Equal("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(1, rig.Server.LinesCutOff);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void The_end_of_the_stream_that_is_read_after_an_interruption_comes_after_all_lines(PollerKind poller)
    {
        using Rig rig = Create(poller == PollerKind.Epoll ? Carrier.Epoll : Carrier.Pool, (connection, line) =>
        {
            if (line != "1")
                return;

            // The end is read before the rest gets its turn.
            connection.Owner.Reactor.CallLater(TimeSpan.Zero, () => _clock.Advance(2 * s_call));
            throw new ReactorInterruptedException(new OperationCanceledException());
        });
        IPeer peer = rig.Connect();
        rig.Until("connect 0");
        rig.Do(() =>
        {
            peer.Send("1\n2\n3\n4\n5\n6\n");
            peer.HalfClose();
        });
        Assert.Equal("", peer.ReceiveToEnd());
        Assert.Equal(["1", "2", "3", "4", "5", "6"], rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_a_peer_has_sent_before_its_reset_is_handled_first(Carrier carrier)
    {
        IPeer? peer = null;
        using Rig rig = Create(carrier, (connection, line) =>
        {
            connection.Send(line);
            if (line == "1" && peer is MemoryPeer memory)
                memory.Transport.Abort(CloseReason.Aborted);
            else if (line == "1")
                peer!.Reset();
        });
        peer = rig.Connect();
        rig.Until("connect 0");
        peer.Send("1\n2\n3\n4\n5\n");
        rig.Until("disconnect 0: Lost");
        Assert.Equal(["1", "2", "3", "4", "5"], rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_close_between_turns_is_the_end_of_the_lines(Carrier carrier)
    {
        using Rig rig = Create(carrier, (connection, line) =>
        {
            if (line == "1")
                connection.Owner.Reactor.Post(connection.Close);
        });
        IPeer peer = rig.Connect();
        peer.Send("1\n2\n3\n4\n5\n");
        Assert.Equal("", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.DoesNotContain("5", rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_pause_between_turns_lasts_until_it_is_resumed(Carrier carrier)
    {
        LineConnection? paused = null;
        using Rig rig = Create(carrier, (connection, line) =>
        {
            if (line != "1")
                return;
            paused = connection;
            connection.Owner.Reactor.Post(connection.Pause);
        });
        IPeer peer = rig.Connect();
        peer.Send("1\n2\n3\n4\n5\n");
        rig.Until(() => paused is not null);
        rig.Do(() => { });
        peer.Send("6\n");
        rig.Do(() => Assert.DoesNotContain("5", rig.Handler.LinesOf(0)));
        rig.Do(() => paused!.Resume());
        rig.Until("line 0: 6");
        Assert.Equal(["1", "2", "3", "4", "5", "6"], rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public async Task Nothing_more_is_read_before_what_was_read_is_handled(Carrier carrier)
    {
        const int Lines = 100;
        string line = new('x', 4095);
        long most = 0;
        using Rig rig = Create(carrier, (connection, _) =>
            most = Math.Max(most, connection.BytesIn - (connection.LinesIn * (line.Length + 1))));
        IPeer peer = rig.Connect();
        Task sending = carrier == Carrier.Memory ? Task.CompletedTask : Task.Run(Send);
        if (carrier == Carrier.Memory)
            Send();
        rig.Until(() => rig.Server.LinesIn == Lines);
        await sending.Soon();
        Assert.InRange(most, 0, 65536 + line.Length);

        void Send() => peer.Send(string.Concat(Enumerable.Repeat(line + "\n", Lines)));
    }

    [Fact]
    public void A_connection_is_not_idle_while_its_lines_wait()
    {
        using Rig rig = Create(
            Carrier.Memory,
            (_, _) => _clock.Advance(TimeSpan.FromSeconds(0.6)),
            new ServerOptions { IdleTimeout = TimeSpan.FromSeconds(1) });
        IPeer peer = rig.Connect();
        peer.Send("1\n2\n3\n4\n5\n6\n");
        rig.Until("line 0: 6");
        rig.Do(() => Assert.Equal(1, rig.Server.ConnectionCount));
        ((MemoryRig)rig).Advance(1);
        rig.Until("disconnect 0: TimedOut");
    }

    private Rig Create(Carrier carrier, Action<LineConnection, string> onLine, ServerOptions? options = null) => Rig.CreateTimed(
        carrier,
        out _clock,
        new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                _clock.Advance(s_call);
                onLine(connection, line);
            },
        },
        options);
}
