namespace TwistedPS.Tests;

/// <summary>The end of a server of datagrams on several reactors.</summary>
public sealed class DatagramReactorsStopTests
{
    public static TheoryData<Carrier, bool, int> Stops
    {
        get
        {
            var data = new TheoryData<Carrier, bool, int>();
            foreach (Carrier carrier in new Carriers())
            {
                data.Add(carrier, true, 1);
                data.Add(carrier, false, 1);
                data.Add(carrier, false, 0);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task It_waits_for_the_handlers_of_all_and_delivers_nothing_more(Carrier carrier, bool hasTime, int busy)
    {
        using var go = new ManualResetEventSlim();
        using var isBusy = new ManualResetEventSlim();
        using var rig = new DatagramReactorsRig(carrier, 3, (reactor, peer, text) =>
        {
            isBusy.Set();
            DatagramReactorsRig.Echo(reactor, peer, go.Wait(Waiting.Limit) ? $"late {text}" : "never");
        });
        TestDatagrams peer = rig.ConnectTo(busy);
        peer.Send("1");
        Assert.True(isBusy.Wait(Waiting.Limit));
        if (busy > 0)
        {
            for (int i = 0; i < 5; i++)
                peer.Send("lost");
            ReactorsRig.Until(() => rig.Server.WaitingDatagrams == 5);
        }

        Task stopped = rig.StopAsync(hasTime ? 10 * Waiting.Limit : TimeSpan.Zero);
        if (busy > 0)
        {
            // Behind these, the stop would have ended.
            for (int i = 0; i < 20; i++)
                rig.Do(() => { });
            Assert.Equal(ServerStatus.Stopping, rig.Server.Status);
            Assert.False(rig.Handlers[0].Has("stopped"));
        }

        go.Set();
        await stopped.Soon();
        Assert.Equal("late 1", peer.Receive());
        Assert.Equal(1, rig.Handlers.Sum(handler => handler.Arrived.Count));
        Assert.Equal((busy > 0 ? 5 : 0, 0), (rig.Server.Dropped, rig.Server.WaitingDatagrams));
        Assert.Equal(["started", "stopped"], rig.Handlers[0].Events);
        Assert.Empty(rig.Handlers[1].Events);
        Assert.All(rig.Further, reactor => Assert.True(reactor.IsStopped && reactor.Services.Length == 0));
        Assert.Empty(rig.First.Services.OfType<DatagramServer>());
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public async Task A_handler_of_a_further_reactor_may_stop_it_and_its_answer_is_sent(Carrier carrier)
    {
        using var rig = new DatagramReactorsRig(carrier, 2, (reactor, peer, text) =>
        {
            peer.Owner.Dispose();
            DatagramReactorsRig.Echo(reactor, peer, text);
        });
        TestDatagrams peer = rig.ConnectTo(1);
        peer.Send("bye");
        Assert.Equal("bye", peer.Receive());
        await rig.Server.Completion.Soon();
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public async Task It_waits_for_an_answer_still_to_come_of_a_further_reactor(Carrier carrier)
    {
        DatagramPeer? held = null;
        using var rig = new DatagramReactorsRig(carrier, 2, (reactor, peer, text) =>
        {
            peer.Owner.Hold();
            DatagramReactorsRig.Echo(reactor, peer, text);
            Volatile.Write(ref held, peer);
        });
        TestDatagrams peer = rig.ConnectTo(1);
        peer.Send("wait");
        Assert.Equal("wait", peer.Receive());
        ReactorsRig.Until(() => Volatile.Read(ref held) is not null);
        Task stopped = rig.StopAsync(10 * Waiting.Limit);
        for (int i = 0; i < 20; i++)
            rig.Do(() => { });
        Assert.Equal(ServerStatus.Stopping, rig.Server.Status);
        rig.Further[0].Post(() =>
        {
            DatagramReactorsRig.Echo(1, held!, "at last");
            rig.Server.Release();
        });
        Assert.Equal("at last", peer.Receive());
        await stopped.Soon();
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public async Task The_end_of_a_further_reactor_ends_it(Carrier carrier)
    {
        using var rig = new DatagramReactorsRig(carrier, 3);
        rig.Further[1].Stop();
        await rig.Server.Completion.Soon();
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
        Assert.True(rig.Handlers[0].Has("stopped"));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void The_end_of_the_first_ends_it_while_a_handler_of_another_one_goes_on(PollerKind poller)
    {
        using var go = new ManualResetEventSlim();
        using var isBusy = new ManualResetEventSlim();
        Exception? error = null;
        using var rig = new DatagramReactorsRig(poller == PollerKind.Pool ? Carrier.Pool : Carrier.Epoll, 2, (reactor, peer, text) =>
        {
            isBusy.Set();
            go.Wait(Waiting.Limit);
            error = Record.Exception(() => peer.Send(text));
        });
        rig.ConnectTo(1).Send("1");
        Assert.True(isBusy.Wait(Waiting.Limit));
        rig.EndFirst();
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
        go.Set();
        rig.Ended();
        Assert.IsType<NotConnectedException>(error);
    }
}
