namespace TwistedPS.Tests;

public sealed class ReactorInterruptedTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Posted_work_after_an_interruption_is_done_in_the_next_run(PollerKind poller)
    {
        using var reactor = new Reactor(poller);
        var done = new List<int>();
        reactor.Post(() => done.Add(1));
        reactor.Post(() => Interrupt(done, 2));
        reactor.Post(() => Interrupt(done, 3));
        reactor.Post(() => done.Add(4));
        Assert.Throws<ReactorInterruptedException>(() => reactor.Run());
        Assert.Equal([1, 2], done);
        Assert.Throws<ReactorInterruptedException>(() => reactor.Run());
        Assert.True(await Task.Run(() => reactor.Run(() => done.Count == 4)).Soon());
        Assert.Equal([1, 2, 3, 4], done);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Delayed_calls_after_an_interruption_are_made_in_the_next_run(PollerKind poller)
    {
        using var reactor = new Reactor(poller);
        var done = new List<int>();
        reactor.CallLater(TimeSpan.Zero, () => done.Add(1));
        reactor.CallLater(TimeSpan.Zero, () => Interrupt(done, 2));
        reactor.CallLater(TimeSpan.Zero, () => done.Add(3));
        Assert.Throws<ReactorInterruptedException>(() => reactor.Run());
        Assert.Equal([1, 2], done);
        Assert.True(await Task.Run(() => reactor.Run(() => done.Count == 3)).Soon());
        Assert.Equal([1, 2, 3], done);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Whoever_waits_for_interrupted_work_gets_the_cause(PollerKind poller)
    {
        using var reactor = new Reactor(poller);
        Task<int> work = reactor.InvokeAsync<int>(
            () => throw new ReactorInterruptedException(new FormatException("cause")));
        Assert.Throws<ReactorInterruptedException>(() => reactor.Run());
        Assert.Equal("cause", (await Assert.ThrowsAsync<FormatException>(() => work.Soon())).Message);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Lines_after_an_interrupted_one_are_received_in_the_next_run(Carrier carrier)
    {
        var handler = new RecordingHandler { OnLine = EchoAndInterruptAt("b", "d") };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        SendThroughInterruptions(rig, peer, "a\nb\nc\nd\ne\n");
        rig.Until("line 0: e");
        Assert.Equal(["a", "b", "c", "d", "e"], handler.LinesOf(0));
        peer.Expect("a\r\nb\r\nc\r\nd\r\ne\r\n");
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void An_interruption_in_the_last_lines_before_the_end_loses_neither_lines_nor_the_end(PollerKind poller)
    {
        var handler = new RecordingHandler { OnLine = EchoAndInterruptAt("b", "c") };
        using var rig = new SocketRig(poller, handler);
        using SocketPeer peer = rig.Connect();
        peer.Send("a\nb\nc\nd\n");
        peer.HalfClose();
        Assert.Equal("a\r\nb\r\nc\r\nd\r\n", peer.ReceiveToEnd());
        Assert.Equal(["a", "b", "c", "d"], handler.LinesOf(0));
        Assert.Equal(2, rig.Interruptions);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void An_interrupted_OnConnect_leaves_the_connection_served(PollerKind poller)
    {
        int connects = 0;
        var handler = new RecordingHandler
        {
            OnConnect = _ =>
            {
                if (++connects == 1)
                    throw new ReactorInterruptedException(new FormatException());
            },
            OnLine = (connection, line) => connection.Send(line),
        };
        using var rig = new SocketRig(poller, handler);
        using SocketPeer first = rig.Connect();
        using SocketPeer second = rig.Connect();
        first.Send("a\n");
        first.Expect("a\r\n");
        second.Send("b\n");
        second.Expect("b\r\n");
        Assert.Equal(1, rig.Interruptions);
        Assert.Equal(2, connects);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void An_interrupted_OnDisconnect_is_not_called_again_and_frees_the_place(PollerKind poller)
    {
        var handler = new RecordingHandler
        {
            OnDisconnect = (_, _) => throw new ReactorInterruptedException(new FormatException()),
        };
        using var rig = new SocketRig(poller, handler);
        rig.Connect().Close();
        rig.Connect().Close();
        rig.Until(() => handler.Has("disconnect 0: Done") && handler.Has("disconnect 1: Done"));
        rig.Stop();
        Assert.Equal(1, handler.Count("disconnect 0: Done"));
        Assert.Equal(1, handler.Count("disconnect 1: Done"));
        Assert.Equal(1, handler.Count("stop"));
        Assert.Equal(2, rig.Interruptions);
    }

    private static Action<LineConnection, string> EchoAndInterruptAt(params string[] lines) => (connection, line) =>
    {
        connection.Send(line);
        if (lines.Contains(line))
            throw new ReactorInterruptedException(new FormatException(line));
    };

    private static void SendThroughInterruptions(Rig rig, IPeer peer, string text)
    {
        try
        {
            peer.Send(text);
        }
        catch (ReactorInterruptedException)
        {
            for (int turn = 0; turn < 20; turn++)
                _ = Record.Exception(() => rig.Reactor.Iterate());
        }
    }

    private static void Interrupt(List<int> done, int number)
    {
        done.Add(number);
        throw new ReactorInterruptedException(new FormatException());
    }
}
