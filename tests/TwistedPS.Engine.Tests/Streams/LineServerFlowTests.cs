using System.Runtime.CompilerServices;

namespace TwistedPS.Tests;

public sealed class LineServerFlowTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void Lines_that_have_arrived_are_held_back_by_a_pause_and_come_in_order(Carrier carrier)
    {
        LineConnection? paused = null;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "pause")
                    (paused = connection).Pause();
            },
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        using IPeer other = rig.Connect();
        peer.Send("a\npause\nb\nc\npause\nd\n");
        rig.Until("line 0: pause");
        other.Send("x\n");
        rig.Until("line 1: x");
        Assert.Equal(["a", "pause"], handler.LinesOf(0));
        paused!.Resume();
        rig.Until(() => handler.Count("line 0: pause") == 2);
        rig.Do(() => { });
        Assert.Equal(["a", "pause", "b", "c", "pause"], handler.LinesOf(0));
        peer.Send("e\n");
        rig.Do(paused.Resume);
        rig.Until("line 0: e");
        Assert.Equal(["a", "pause", "b", "c", "pause", "d", "e"], handler.LinesOf(0));
        Assert.False(handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_pause_lasts_until_each_reason_for_it_is_gone(Carrier carrier)
    {
        LineConnection? paused = null;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                if (line != "pause")
                    return;
                (paused = connection).Pause();
                connection.Producer.Pause("work");
            },
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        using IPeer other = rig.Connect();
        peer.Send("pause\na\n");
        rig.Until("line 0: pause");
        foreach (string reason in new[] { "work", "queue" })
        {
            rig.Do(() => paused!.Producer.Resume(reason));
            other.Send($"{reason}\n");
            rig.Until($"line 1: {reason}");
        }

        Assert.Equal(["pause"], handler.LinesOf(0));
        paused!.Resume();
        rig.Until("line 0: a");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void The_end_waits_for_lines_that_a_pause_holds_back(Carrier carrier)
    {
        LineConnection? paused = null;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "pause")
                    (paused = connection).Pause();
            },
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("pause\nb\n");
        peer.Close();
        rig.Until("line 0: pause");
        Assert.False(handler.Has("line 0: b"));
        paused!.Resume();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["pause", "b"], handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_pause_that_is_resumed_in_the_same_handler_holds_nothing_back(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Pause();
                connection.Send(line);
                connection.Resume();
            },
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\nb\nc\n");
        peer.Expect("a\r\nb\r\nc\r\n");
        Assert.False(handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_handler_that_resumes_another_connection_is_not_interrupted_by_its_lines(Carrier carrier)
    {
        LineConnection? paused = null;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "pause")
                    (paused = connection).Pause();
                if (line == "resume")
                    paused!.Resume();
            },
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer held = rig.Connect();
        rig.Until("connect 0");
        using IPeer other = rig.Connect();
        held.Send("pause\nb\n");
        rig.Until("line 0: pause");
        other.Send("resume\nc\n");
        rig.Until(() => handler.Has("line 0: b") && handler.Has("line 1: c"));
        Assert.False(handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_broadcast_reaches_all_but_some(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier);
        IPeer[] peers = Enumerable.Range(0, 4).Select(i =>
        {
            IPeer peer = rig.Connect();
            rig.Until($"connect {i}");
            return peer;
        }).ToArray();
        LineConnection[] connections = [];
        rig.Do(() => connections = rig.Server.Connections);
        rig.Server.Broadcast("one\ntwo", () => rig.Server.Connections.Except([connections[1], connections[2]]));
        rig.Do(() => rig.Server.Broadcast("three", () => rig.Server.Connections));
        peers[0].Expect("one\r\ntwo\r\nthree\r\n");
        peers[1].Expect("three\r\n");
        peers[2].Expect("three\r\n");
        peers[3].Expect("one\r\ntwo\r\nthree\r\n");
        Assert.Equal(8, rig.Server.LinesOut);
        foreach (IPeer peer in peers)
            peer.Dispose();
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Broadcasts_reach_those_who_are_there_at_the_time(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier);
        using IPeer first = rig.Connect();
        rig.Until("connect 0");
        rig.Do(() => rig.Server.Broadcast("one\r\n"u8.ToArray(), 1, null, []));
        using IPeer second = rig.Connect();
        rig.Until("connect 1");
        rig.Do(() => rig.Server.Broadcast("two\r\n"u8.ToArray(), 1, null, []));
        first.Expect("one\r\ntwo\r\n");
        second.Expect("two\r\n");
    }

    [Fact]
    public void A_broadcast_keeps_nobody_who_has_left()
    {
        using var rig = new MemoryRig();
        WeakReference connection = BroadcastAndLeave(rig);
        GC.Collect();
        Assert.False(connection.IsAlive);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_broadcast_over_the_limit_reaches_who_has_read_everything(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, options: new ServerOptions { SendBufferLimit = 1000 });
        using IPeer peer = rig.Connect();
        rig.Until("connect 0");
        string text = new('x', 50_000);
        rig.Do(() => rig.Server.Broadcast(text, () => rig.Server.Connections));
        peer.Expect($"{text}\r\n");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_broadcast_drops_who_does_not_read_and_reaches_the_others(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, options: new ServerOptions { SendBufferLimit = 100_000 });
        using IPeer slow = rig.Connect();
        if (slow is MemoryPeer { Transport: var transport })
            transport.PauseReading();
        rig.Until("connect 0");
        using IPeer quick = rig.Connect();
        rig.Until("connect 1");
        string text = new('x', 50_000);
        int sent = 0;
        while (!rig.Handler.Has("disconnect 0: SlowReader"))
        {
            Assert.True(sent++ < 10_000, "The slow reader was never dropped.");
            rig.Do(() => rig.Server.Broadcast(text, () => rig.Server.Connections));
            quick.Expect($"{text}\r\n");
        }

        rig.Do(() => rig.Server.Broadcast("last", () => rig.Server.Connections));
        quick.Expect("last\r\n");
        Assert.Equal(1, rig.Server.ConnectionCount);
        Assert.False(rig.Handler.Has("disconnect 1: SlowReader"));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_peer_that_does_not_read_is_not_read_either_and_loses_nothing_once_it_does(PollerKind poller)
    {
        const int Lines = 3000;
        string text = new('x', 16_000);
        var handler = new RecordingHandler { OnLine = (connection, line) => connection.Send(line) };
        using var rig = new SocketRig(poller, handler, new ServerOptions { SendBufferLimit = 100_000 });
        using SocketPeer peer = rig.Connect();
        Task sending = Task.Run(() =>
        {
            for (int i = 0; i < Lines; i++)
                peer.Send($"{i}{text}\n");
        });
        rig.Until(() => rig.Server.Connections is [{ UnsentBytes: > 100_000 }]);
        long before = rig.Server.LinesIn;
        rig.Do(() => Assert.True(rig.Server.Connections[0].UnsentBytes < 200_000));
        rig.Do(() => Assert.Equal(before, rig.Server.LinesIn));
        for (int i = 0; i < Lines; i++)
            Assert.True($"{i}{text}\r\n" == peer.Receive($"{i}{text}\r\n".Length), $"Line {i} is not what was sent.");
        await sending.Soon();
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Sending_from_another_thread_waits_for_a_peer_that_does_not_read(PollerKind poller)
    {
        using var rig = new SocketRig(poller, options: new ServerOptions { SendBufferLimit = 100_000 });
        using SocketPeer peer = rig.Connect();
        rig.Until("connect 0");
        LineConnection connection = rig.Server.Connections.Single();
        string text = new('x', 1_000_000);
        int sent = 0;
        Task waiting;
        do
        {
            waiting = connection.SendAsync(text);
            sent++;
            rig.Do(() => { });
        }
        while (waiting.IsCompleted);

        for (int i = 0; i < sent; i++)
            Assert.True($"{text}\r\n" == peer.Receive(text.Length + 2));
        await waiting.Soon();
        rig.Stop(TimeSpan.Zero);
        await Assert.ThrowsAsync<NotConnectedException>(() => connection.SendAsync("late").Soon());
    }

    // The runtime may keep what a method has had until it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference BroadcastAndLeave(MemoryRig rig)
    {
        using MemoryPeer peer = rig.Connect();
        rig.Until("connect 0");
        rig.Do(() => rig.Server.Broadcast("one\r\n"u8.ToArray(), 1, null, []));
        var connection = new WeakReference(rig.Server.Connections[0]);
        peer.Dispose();
        rig.Until(() => rig.Server.ConnectionCount == 0);
        return connection;
    }
}
