using System.Collections.Concurrent;
using System.Net;

namespace TwistedPS.Tests;

public sealed class DatagramReactorsTests
{
    /// <summary>Each reactor with each carrier; in memory, the peers are on the first themselves.</summary>
    public static TheoryData<Carrier, int> Blocked
    {
        get
        {
            var data = new TheoryData<Carrier, int>();
            foreach (Carrier carrier in new Carriers())
            {
                data.Add(carrier, 1);
                if (carrier != Carrier.Memory)
                    data.Add(carrier, 0);
            }

            return data;
        }
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Each_of_hundreds_of_peers_keeps_its_reactor_and_its_order(Carrier carrier)
    {
        const int AtOnce = 10;
        const int Each = 10;
        using var rig = new DatagramReactorsRig(carrier, 3);
        for (int group = 0; group < 30; group++)
        {
            TestDatagrams[] peers = [.. Enumerable.Range(0, AtOnce).Select(_ => rig.Connect())];
            for (int i = 0; i < Each; i++)
                Array.ForEach(peers, peer => peer.Send($"{i} of {peer.Name}"));
            foreach (TestDatagrams peer in peers)
                Assert.Equal(Enumerable.Range(0, Each).Select(i => $"{i} of {peer.Name}"), Enumerable.Range(0, Each).Select(_ => peer.Receive()));
        }

        ILookup<string, int> reactors = rig.Handlers
            .SelectMany((handler, i) => handler.Arrived.Select(it => (Sender: $"{it.Peer}", Reactor: i)))
            .ToLookup(it => it.Sender, it => it.Reactor);
        Assert.Equal(300, reactors.Count);
        Assert.All(reactors, sender => Assert.Equal(Enumerable.Repeat(sender.First(), Each), sender));
        Assert.Equal(3, reactors.Select(sender => sender.First()).Distinct().Count());
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Its_counts_are_those_of_all_reactors(Carrier carrier)
    {
        int raised = 0;
        using var rig = new DatagramReactorsRig(carrier, 2);
        rig.Server.DatagramReceived += (_, _) => Interlocked.Increment(ref raised);
        foreach (TestDatagrams peer in new[] { rig.ConnectTo(0), rig.ConnectTo(1) })
        {
            foreach (string text in new[] { "abc", "", "de" })
            {
                peer.Send(text);
                Assert.Equal(text, peer.Receive());
            }
        }

        ReactorsRig.Until(() => rig.Server.DatagramsOut == 6 && rig.Server.BytesOut == 10 && Volatile.Read(ref raised) == 6);
        Assert.Equal((6, 10, 0, 0), (rig.Server.DatagramsIn, rig.Server.BytesIn, rig.Server.Dropped, rig.Server.WaitingDatagrams));
        Assert.Equal([3, 3], rig.Handlers.Select(handler => handler.Arrived.Count));
        Assert.Equal(2, rig.Server.ReactorCount);
        Assert.IsType<SharedTable>(rig.Server.State);
        Assert.All(rig.Further.Append(rig.First), reactor => Assert.Contains(rig.Server, reactor.Services));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Handlers_of_two_reactors_run_at_once_and_those_of_one_do_not(Carrier carrier)
    {
        using var both = new Barrier(2);
        int[] inside = new int[3];
        using var rig = new DatagramReactorsRig(carrier, 3, (reactor, peer, text) =>
        {
            int now = Interlocked.Increment(ref inside[reactor]);
            peer.Send($"{(both.SignalAndWait(Waiting.Limit) ? "met" : "alone")} {now}");
            Interlocked.Decrement(ref inside[reactor]);
        });

        // Not the first, on which the peers in memory are themselves.
        TestDatagrams[] peers = [rig.ConnectTo(1), rig.ConnectTo(2), rig.ConnectTo(1), rig.ConnectTo(2)];
        Array.ForEach(peers, peer => peer.Send("go"));
        Array.ForEach(peers, peer => Assert.Equal("met 1", peer.Receive()));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_one_reactor_has_no_room_for_is_dropped_and_counted(Carrier carrier)
    {
        using var go = new ManualResetEventSlim();
        using var isBlocked = new ManualResetEventSlim();
        using var rig = new DatagramReactorsRig(carrier, 2, (reactor, peer, text) =>
        {
            if (text == "block")
            {
                isBlocked.Set();
                go.Wait(Waiting.Limit);
            }

            DatagramReactorsRig.Echo(reactor, peer, text[..5]);
        });
        TestDatagrams stuck = rig.ConnectTo(1);
        TestDatagrams free = rig.ConnectTo(0);
        stuck.Send("block");
        Assert.True(isBlocked.Wait(Waiting.Limit));
        for (int i = 0; i < 40; i++)
        {
            stuck.Send($"{i:00000}".PadRight(32_000));
            ReactorsRig.Until(() => rig.Server.DatagramsIn == i + 2);
        }

        // 1 MiB, of which each takes 256 bytes besides its own.
        Assert.Equal((32, 8), (rig.Server.WaitingDatagrams, rig.Server.Dropped));
        free.Send("free!");
        Assert.Equal("free!", free.Receive());
        go.Set();
        Assert.Equal(["block", .. Enumerable.Range(0, 32).Select(i => $"{i:00000}")], Enumerable.Range(0, 33).Select(_ => stuck.Receive()));
        stuck.Send("again");
        Assert.Equal("again", stuck.Receive());
        Assert.Equal(8, rig.Server.Dropped);
        Assert.Single(rig.Server.Log, entry => entry.Level == LogLevel.Warning);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void An_error_or_interruption_on_a_further_reactor_ends_its_own_call_only(Carrier carrier)
    {
        using var rig = new DatagramReactorsRig(carrier, 2, (reactor, peer, text) =>
        {
            if (text == "throw")
                throw new InvalidOperationException("oops");
            if (text == "interrupt")
                throw new ReactorInterruptedException(new OperationCanceledException());
            DatagramReactorsRig.Echo(reactor, peer, text);
        });
        TestDatagrams peer = rig.ConnectTo(1);
        Array.ForEach(["a", "throw", "b", "interrupt", "c"], peer.Send);
        Assert.Equal(["a", "b", "c"], Enumerable.Range(0, 3).Select(_ => peer.Receive()));
        HandlerError error = Assert.Single(rig.Server.Errors);
        Assert.Equal(("OnDatagram", "oops", peer.Name), (error.Handler, error.Message, $"{error.Connection}"));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_handler_sends_to_peers_of_other_reactors_and_hears_of_errors_at_once(Carrier carrier)
    {
        var known = new ConcurrentDictionary<string, DatagramPeer>();
        Exception? error = null;
        using var rig = new DatagramReactorsRig(carrier, 2, (reactor, peer, text) =>
        {
            if (known.TryAdd(text, peer))
            {
                DatagramReactorsRig.Echo(reactor, peer, text);
                return;
            }

            known[text].Send($"from {reactor}");
            peer.Owner.Output.SendTo([.. "to"u8], known[text].RemoteAddress);
            error = Record.Exception(() => known[text].Send(new byte[65508]));
            DatagramReactorsRig.Echo(reactor, peer, "sent");
        });
        TestDatagrams[] peers = [rig.ConnectTo(0), rig.ConnectTo(1)];
        for (int i = 0; i < 2; i++)
        {
            peers[i].Send($"{i}");
            Assert.Equal($"{i}", peers[i].Receive());
        }

        for (int i = 0; i < 2; i++)
        {
            (TestDatagrams speaker, TestDatagrams listener) = (peers[i], peers[1 - i]);
            speaker.Send($"{1 - i}");
            Assert.Equal("sent", speaker.Receive());
            Assert.Equal([$"from {i}", "to"], [listener.Receive(), listener.Receive()]);
            Assert.IsType<MessageTooLongException>(Interlocked.Exchange(ref error, null));
        }

        known["1"].Send("from no reactor");
        Assert.Equal("from no reactor", peers[1].Receive());
    }

    [Theory]
    [MemberData(nameof(Blocked))]
    public void A_handler_that_blocks_holds_up_its_own_reactor_only(Carrier carrier, int blocked)
    {
        using var go = new ManualResetEventSlim();
        using var isBlocked = new ManualResetEventSlim();
        using var rig = new DatagramReactorsRig(carrier, 2, (reactor, peer, text) =>
        {
            if (text == "block")
            {
                isBlocked.Set();
                go.Wait(Waiting.Limit);
            }

            DatagramReactorsRig.Echo(reactor, peer, text);
        });
        (TestDatagrams stuck, TestDatagrams free) = (rig.ConnectTo(blocked), rig.ConnectTo(1 - blocked));
        Array.ForEach(["block", "after"], stuck.Send);
        Assert.True(isBlocked.Wait(Waiting.Limit));
        for (int i = 0; i < 3; i++)
        {
            free.Send("go on");
            Assert.Equal("go on", free.Receive());
        }

        Assert.Equal(0, rig.Handlers[blocked].Arrived.Count(it => it.Data.Length == 5 && it.Data[0] == (byte)'a'));
        go.Set();
        Assert.Equal(["block", "after"], [stuck.Receive(), stuck.Receive()]);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_pause_holds_one_reactor_and_loses_nothing(Carrier carrier)
    {
        using var rig = new DatagramReactorsRig(carrier, 2, (reactor, peer, text) =>
        {
            if (text == "pause")
                peer.Owner.Producer!.Pause("test");
            DatagramReactorsRig.Echo(reactor, peer, text);
        });
        foreach (int paused in new[] { 1, 0 })
        {
            TestDatagrams held = rig.ConnectTo(paused);
            TestDatagrams free = rig.ConnectTo(1 - paused);
            held.Send("pause");
            Assert.Equal("pause", held.Receive());
            Array.ForEach(["1", "2"], held.Send);
            ReactorsRig.Until(() => rig.Server.WaitingDatagrams == 2);
            free.Send("free");
            Assert.Equal("free", free.Receive());
            Assert.Equal(2, rig.Server.WaitingDatagrams);
            Reactor reactor = rig.Part(paused).Reactor;
            reactor.Post(() => rig.Server.Producer!.Resume("test"));
            Assert.Equal(["1", "2"], [held.Receive(), held.Receive()]);
        }
    }

    [IPv6Fact]
    public void Peers_of_IPv6_are_spread_and_answered()
    {
        using var rig = new DatagramReactorsRig(Carrier.Epoll, 2, local: Address.From(new IPEndPoint(IPAddress.IPv6Loopback, 0)));
        TestDatagrams[] peers = [rig.ConnectTo(0), rig.ConnectTo(1)];
        for (int i = 0; i < 3; i++)
        {
            Array.ForEach(peers, peer => peer.Send(peer.Name));
            Array.ForEach(peers, peer => Assert.Equal(peer.Name, peer.Receive()));
        }

        Assert.Equal([3, 3], rig.Handlers.Select(handler => handler.Arrived.Count));
    }
}
