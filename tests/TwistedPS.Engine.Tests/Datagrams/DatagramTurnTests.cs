using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class DatagramTurnTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_flood_gives_way_to_posted_work(PollerKind poller)
    {
        var order = new List<string>();
        var clock = new ManualClock();
        var handler = new RecordingDatagramHandler();
        using var rig = new DatagramRig(poller, clock);
        handler.OnDatagram = (_, _) =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(30));
            order.Add("datagram");
            rig.Reactor.Post(() => order.Add("posted"));
        };
        Socket peer = rig.Peer(rig.Serve(handler));
        rig.Do(() =>
        {
            for (int i = 0; i < 3; i++)
                peer.Send("x"u8);
        });
        rig.Until(() => order.Count == 6);
        Assert.Equal(["datagram", "posted", "datagram", "posted", "datagram", "posted"], order);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Where_the_clock_stands_still_a_wake_up_has_its_end_as_well(PollerKind poller)
    {
        const int Count = 150;
        int handledBefore = 0;
        var handler = new RecordingDatagramHandler();
        using var rig = new DatagramRig(poller, new ManualClock());
        handler.OnDatagram = (_, _) =>
        {
            if (handler.Arrived.Count == 1)
                rig.Reactor.Post(() => handledBefore = handler.Arrived.Count);
        };
        Socket peer = rig.Peer(rig.Serve(handler));
        rig.Do(() =>
        {
            for (int i = 0; i < Count; i++)
                peer.Send("x"u8);
        });
        rig.Until(() => handler.Arrived.Count == Count);
        Assert.Equal(100, handledBefore);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void While_it_is_paused_nothing_is_handled_and_nothing_lost(PollerKind poller)
    {
        var handler = new RecordingDatagramHandler();
        using var rig = new DatagramRig(poller);
        DatagramServer server = rig.Serve(handler);
        Socket peer = rig.Peer(server);
        handler.OnDatagram = (_, data) =>
        {
            if (data[0] == 1)
                server.Producer.Pause(this);
        };
        rig.Do(() =>
        {
            for (byte i = 0; i < 4; i++)
                peer.Send([i]);
        });
        rig.Until(() => handler.Arrived.Count == 2);
        for (int i = 0; i < 20; i++)
            rig.Do(() => { });
        Assert.Equal(2, handler.Arrived.Count);
        rig.Do(() => server.Producer.Resume(this));
        rig.Until(() => handler.Arrived.Count == 4);
        Assert.Equal([0, 1, 2, 3], handler.Arrived.Select(it => (int)it.Data[0]));
    }
}
