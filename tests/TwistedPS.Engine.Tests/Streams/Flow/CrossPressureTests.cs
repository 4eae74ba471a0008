namespace TwistedPS.Tests;

/// <summary>Who waits when a peer does not read what the handlers of another connection, or of none, write to it.</summary>
public sealed class CrossPressureTests
{
    private const int Limit = 100_000;
    private const int Length = 300_000;

    private static readonly string s_text = new('x', Length - 2);

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_connection_whose_handler_writes_to_a_peer_that_does_not_read_waits_and_nothing_is_lost(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer[] peers, out LineConnection[] connections);
        int lines = SendUntilFull(rig, peers[0], connections[1]);
        rig.Do(() => Assert.InRange(connections[1].UnsentBytes, Limit + 1, Limit + Length));
        rig.Do(() => Assert.True(rig.Handler.LinesOf(0).Length < lines, "All lines were handled."));
        peers[1].Send("hello\n");
        rig.Until("line 1: hello");
        peers[1].GoOnReading();
        for (int i = 0; i < lines; i++)
            Assert.True($"{s_text}\r\n" == peers[1].Receive(Length), $"Text {i} is not what was sent.");
        rig.Until(() => rig.Handler.LinesOf(0).Length == lines);
        Assert.Equal(CloseReason.None, connections[1].CloseReason);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Two_that_wait_for_each_other_go_on_when_one_peer_reads(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer[] peers, out LineConnection[] connections);
        int there = SendUntilFull(rig, peers[0], connections[1]);
        int back = SendUntilFull(rig, peers[1], connections[0]);
        peers[1].GoOnReading();
        Assert.Equal(there * Length, peers[1].ReceiveBytes(there * Length).Length);
        peers[0].GoOnReading();
        Assert.Equal(back * Length, peers[0].ReceiveBytes(back * Length).Length);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_peer_that_writes_before_it_reads_on_is_not_waited_for_forever(PollerKind poller)
    {
        const int Bytes = 8_000_000;
        Carrier carrier = poller == PollerKind.Epoll ? Carrier.Epoll : Carrier.Pool;
        using Rig rig = Start(carrier, out IPeer[] peers, out _, forwards: true, limit: 1_000_000);

        // Its own buffers hold less than what has to drain.
        ((SocketPeer)peers[1]).Socket.SendBufferSize = 8192;
        string line = new('y', 15_998);
        Task echoing = Task.Run(() =>
        {
            for (int left = Bytes; left > 0; left -= 16_000)
                peers[1].Send(peers[1].ReceiveBytes(16_000));
        });
        Task sending = Task.Run(() =>
        {
            for (int left = Bytes; left > 0; left -= 16_000)
                peers[0].Send($"{line}\r\n");
        });
        Assert.Equal(Bytes, (await Task.Run(() => peers[0].ReceiveBytes(Bytes)).Soon()).Length);
        await Task.WhenAll(echoing, sending).Soon();
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void The_loss_of_the_peer_ends_the_wait(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer[] peers, out LineConnection[] connections, ignoresClosed: true);
        int lines = SendUntilFull(rig, peers[0], connections[1]);
        peers[1].Reset();
        rig.Until(() => rig.Handler.LinesOf(0).Length == lines);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_close_of_the_connection_that_is_waited_for_ends_the_wait(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer[] peers, out LineConnection[] connections, ignoresClosed: true);
        int lines = SendUntilFull(rig, peers[0], connections[1]);
        rig.Do(connections[1].Close);
        rig.Until(() => rig.Handler.LinesOf(0).Length == lines);
        Assert.Equal(1, rig.Server.Connections.Count(it => it.Status == ConnectionStatus.Closing));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_pause_by_hand_outlasts_the_wait(Carrier carrier)
    {
        using Rig rig = Start(carrier, out IPeer[] peers, out LineConnection[] connections);
        int lines = SendUntilFull(rig, peers[0], connections[1]);
        int handled = 0;
        rig.Do(connections[0].Pause);
        rig.Do(() => handled = rig.Handler.LinesOf(0).Length);
        peers[1].GoOnReading();
        peers[1].ReceiveBytes(handled * Length);
        rig.Do(() => { });
        Assert.Equal(handled, rig.Handler.LinesOf(0).Length);
        rig.Do(connections[0].Resume);
        peers[1].ReceiveBytes((lines - handled) * Length);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_goes_on_far_beyond_the_limit_in_one_call_drops_the_peer(Carrier carrier)
    {
        LineConnection[] all = [];
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                for (int i = 0; i < 1000 && all[1].CloseReason == CloseReason.None; i++)
                    all[1].Send(s_text);
            },
        };
        using Rig rig = Rig.Create(carrier, handler, new ServerOptions { SendBufferLimit = Limit });
        IPeer[] peers = Connect(rig);
        rig.Do(() => all = rig.Server.Connections);
        peers[0].Send("go\n");
        rig.Until("disconnect 1: SlowReader");
        peers[0].Send("x\n");
        rig.Until("line 0: x");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_comes_from_no_connection_drops_the_peer_at_the_limit(Carrier carrier)
    {
        using Rig rig = Start(carrier, out _, out LineConnection[] connections);
        for (int i = 0; !rig.Handler.Has("disconnect 1: SlowReader"); i++)
        {
            Assert.True(i < 1000, "The slow reader was never dropped.");
            rig.Do(() =>
            {
                if (connections[1].CloseReason == CloseReason.None)
                    connections[1].Send(s_text);
                Assert.True(connections[1].UnsentBytes <= Math.Max(Limit, Length));
            });
        }
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task The_connection_of_a_client_is_bounded_too(PollerKind poller)
    {
        using var quiet = new QuietPort();
        quiet.Open();
        var handler = new RecordingHandler();
        using var rig = new ClientRig(poller);
        LineClient client = rig.NewClient(quiet.Number, handler);
        Task connecting = client.ConnectAsync(CancellationToken.None);
        using SocketPeer peer = await quiet.AcceptAsync();
        await connecting.Soon();
        for (int i = 0; !handler.Has("disconnect 0: SlowReader"); i++)
        {
            Assert.True(i < 1000, "The slow reader was never dropped.");
            rig.Do(() =>
            {
                if (client.Connection!.CloseReason == CloseReason.None)
                    client.Connection.Send(s_text);
            });
        }
    }

    /// <summary>A server whose connections write to each other: a text for each line, or the line.</summary>
    private static Rig Start(
        Carrier carrier, out IPeer[] peers, out LineConnection[] connections, bool ignoresClosed = false, bool forwards = false, int limit = Limit)
    {
        LineConnection[] all = [];
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                LineConnection other = all[1 - connection.Number];
                if (line != "hello" && !(ignoresClosed && other.CloseReason != CloseReason.None))
                    other.Send(forwards ? line : s_text);
            },
        };
        Rig rig = Rig.Create(carrier, handler, new ServerOptions { SendBufferLimit = limit });
        peers = Connect(rig);
        rig.Do(() => all = rig.Server.Connections);
        connections = all;
        return rig;
    }

    private static IPeer[] Connect(Rig rig)
    {
        var peers = new IPeer[2];
        for (int i = 0; i < peers.Length; i++)
        {
            peers[i] = rig.Connect();
            peers[i].StopReading();
            rig.Until($"connect {i}");
        }

        return peers;
    }

    /// <summary>Sends lines until what is written for them waits, and then as many again.</summary>
    /// <returns>The number of lines.</returns>
    private static int SendUntilFull(Rig rig, IPeer peer, LineConnection full)
    {
        int number = 1 - full.Number;
        int lines = 0;
        bool isFull = false;
        while (!isFull)
        {
            peer.Send("x\n");
            lines++;
            rig.Until(() => (isFull = full.UnsentBytes > Limit) || rig.Handler.LinesOf(number).Length == lines);
        }

        for (int i = 0; i < 10; i++, lines++)
            peer.Send("x\n");
        rig.Do(() => { });
        return lines;
    }
}
