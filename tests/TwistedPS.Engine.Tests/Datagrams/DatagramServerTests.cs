using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class DatagramServerTests
{
    public static TheoryData<PollerKind, int> Lengths
    {
        get
        {
            var data = new TheoryData<PollerKind, int>();
            foreach (int length in new[] { 0, 1, 2, 511, 1472, 1473, 8192, 65506, 65507 })
            {
                data.Add(PollerKind.Auto, length);
                data.Add(PollerKind.Pool, length);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_datagram_of_any_length_comes_and_goes_whole(PollerKind poller, int length)
    {
        using var rig = new DatagramRig(poller);
        DatagramServer server = rig.Serve(RecordingDatagramHandler.Echo());
        Socket peer = rig.Peer(server);
        var data = new byte[length];
        new Random(length).NextBytes(data);
        for (int i = 0; i < 3; i++)
        {
            peer.Send(data);
            Assert.Equal(data, DatagramRig.Receive(peer));
        }

        Assert.Equal((3, 3L * length), (server.DatagramsIn, server.BytesIn));
        rig.Until(() => server.DatagramsOut == 3);
        Assert.Equal(3L * length, server.BytesOut);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void One_that_is_longer_than_any_can_be_is_refused_and_nothing_else(PollerKind poller)
    {
        Exception? error = null;
        var handler = new RecordingDatagramHandler();
        handler.OnDatagram = (peer, _) =>
        {
            error = Record.Exception(() => peer.Send(new byte[65508]));
            peer.Send("after");
        };
        using var rig = new DatagramRig(poller);
        Socket peer = rig.Peer(rig.Serve(handler));
        peer.Send("x"u8);
        Assert.Equal("after", DatagramRig.ReceiveText(peer));
        Assert.Equal(65507, Assert.IsType<MessageTooLongException>(error).Limit);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Many_that_come_at_once_are_handled_in_order_with_empty_ones_among_them(PollerKind poller)
    {
        const int Count = 150;
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler();
        DatagramServer server = rig.Serve(handler);
        Socket peer = rig.Peer(server);

        // While the reactor is held, they gather in the kernel.
        rig.Do(() =>
        {
            for (int i = 0; i < Count; i++)
                peer.Send(i % 7 == 0 ? [] : new byte[] { (byte)i });
        });
        rig.Until(() => handler.Arrived.Count == Count);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => i % 7 == 0 ? [] : new[] { (byte)i }), handler.Arrived.Select(it => it.Data));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Each_sender_is_known_and_answered(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler { OnDatagram = (peer, data) => peer.Send($"{peer}") };
        DatagramServer server = rig.Serve(handler);
        Socket[] peers = [.. Enumerable.Range(0, 5).Select(_ => rig.Peer(server))];
        for (int round = 0; round < 2; round++)
        {
            Array.ForEach(peers, peer => peer.Send("who am I"u8));
            Array.ForEach(peers, peer => Assert.Equal($"{peer.LocalEndPoint}", DatagramRig.ReceiveText(peer)));
        }

        // One object for the same sender.
        Assert.Equal(5, handler.Arrived.Select(it => it.Peer).Distinct().Count());
        DatagramPeer first = handler.Arrived.First().Peer;
        Assert.Equal(("127.0.0.1", ((IPEndPoint)peers[0].LocalEndPoint!).Port), (first.Address, first.Port));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_handler_that_throws_ends_its_own_call_and_is_recorded_with_the_sender(PollerKind poller)
    {
        var handler = new RecordingDatagramHandler();
        handler.OnDatagram = (peer, data) =>
        {
            if (data[0] == 'b')
                throw new InvalidOperationException("bad");
            peer.Send(data);
        };
        using var rig = new DatagramRig(poller);
        DatagramServer server = rig.Serve(handler);
        Socket peer = rig.Peer(server);
        rig.Do(() => Array.ForEach(["a", "b", "c"], text => peer.Send(System.Text.Encoding.ASCII.GetBytes(text))));
        Assert.Equal("a", DatagramRig.ReceiveText(peer));
        Assert.Equal("c", DatagramRig.ReceiveText(peer));
        HandlerError error = Assert.Single(server.Errors);
        Assert.Equal(("OnDatagram", "bad", $"{peer.LocalEndPoint}"), (error.Handler, error.Message, $"{error.Connection}"));
        Assert.Contains(server.Log, entry => $"{entry}".Contains($",127.0.0.1] OnDatagram failed: bad", StringComparison.Ordinal));
        Assert.Equal(ServerStatus.Running, server.Status);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void An_interrupted_handler_loses_its_own_datagram_only(PollerKind poller)
    {
        var handler = new RecordingDatagramHandler();
        handler.OnDatagram = (_, data) =>
        {
            if (data[0] == 1)
                throw new ReactorInterruptedException(new OperationCanceledException());
        };
        using var rig = new DatagramRig(poller);
        Socket peer = rig.Peer(rig.Serve(handler));
        rig.Do(() =>
        {
            for (byte i = 0; i < 4; i++)
                peer.Send([i]);
        });
        rig.Until(() => handler.Arrived.Count == 4);
        Assert.Equal(1, rig.Interruptions);
        Assert.Null(rig.Get(() => rig.Reactor.Watch.Current));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Its_port_is_taken_once_and_free_again_after_its_stop(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler();
        DatagramServer server = rig.Serve(handler);
        Assert.NotEqual(0, server.Port);
        var options = new DatagramOptions { LocalAddress = DatagramRig.Loopback(server.Port) };
        SocketException error = Assert.Throws<SocketException>(() => rig.Serve(handler, options));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Equal([server], rig.Reactor.Services);
        DatagramRig.Stop(server);
        Assert.Equal(["started", "stopped"], handler.Events);
        Assert.Empty(rig.Reactor.Services);
        Assert.Equal(server.Port, rig.Serve(handler, options).Port);
        Assert.Equal(["Started on", "Stopped"], server.Log.Select(entry => entry.Message.StartsWith("Started on", StringComparison.Ordinal) ? "Started on" : entry.Message));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_start_that_fails_leaves_nothing(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler { OnStart = _ => throw new InvalidOperationException("no") };
        using var quiet = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        quiet.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)quiet.LocalEndPoint!).Port;
        quiet.Dispose();
        var options = new DatagramOptions { LocalAddress = DatagramRig.Loopback(port) };
        Assert.Equal("no", Assert.Throws<InvalidOperationException>(() => rig.Serve(handler, options)).Message);
        Assert.Empty(rig.Reactor.Services);
        Assert.Equal(port, rig.Serve(new RecordingDatagramHandler(), options).Port);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void One_that_cant_be_watched_does_not_start(PollerKind poller)
    {
        var full = new FullPoller(poller) { IsFull = true };
        using var rig = new DatagramRig(new Reactor(new EventLoop(full, TimeProvider.System)));
        Assert.Throws<SocketException>(() => rig.Serve(new RecordingDatagramHandler()));
        full.IsFull = false;
        rig.Serve(new RecordingDatagramHandler());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void The_end_of_the_reactor_ends_it(PollerKind poller)
    {
        DatagramServer server;
        using (var rig = new DatagramRig(poller))
            server = rig.Serve(new RecordingDatagramHandler());
        Assert.Equal(ServerStatus.Stopped, server.Status);
        Assert.True(server.Completion.IsCompleted);
        Assert.Throws<NotConnectedException>(() => server.JoinGroup("239.1.1.1"));
    }
}
