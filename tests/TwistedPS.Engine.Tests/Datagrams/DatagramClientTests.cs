using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

public sealed class DatagramClientTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_refusal_is_told_and_the_client_goes_on(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        Socket peer = rig.Peer();
        Address gone = Address.From(peer.LocalEndPoint);
        peer.Dispose();
        var handler = new RecordingDatagramHandler();
        DatagramClient client = rig.Connect(gone, handler);
        rig.Do(() => client.Send("nobody"));
        rig.Until(() => handler.Has("failed: ConnectionRefused"));
        Assert.Equal("Socket", Assert.Single(client.Errors).Handler);
        Assert.Equal(ServerStatus.Running, client.Status);

        // Somebody listens there from now on.
        DatagramServer server = rig.Serve(RecordingDatagramHandler.Echo(), new DatagramOptions { LocalAddress = gone });
        rig.Do(() => client.Send("somebody"));
        rig.Until(() => handler.Arrived.Count == 1);
        Assert.Equal("somebody", Encoding.ASCII.GetString(handler.Arrived.First().Data));
        Assert.Equal(1, server.DatagramsIn);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void What_is_sent_after_a_refusal_is_sent_though_the_system_tells_of_it_there(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        Socket peer = rig.Peer();
        Address there = Address.From(peer.LocalEndPoint);
        peer.Dispose();
        var handler = new RecordingDatagramHandler();
        DatagramClient client = rig.Connect(there, handler);
        using var again = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };

        // On the loopback the refusal is there when the first send returns; nothing has read it yet when the second begins.
        rig.Do(() =>
        {
            client.Send("refused");
            again.Bind(there.EndPoint!);
            client.Send("sent");
        });
        Assert.Equal("sent", DatagramRig.ReceiveText(again));
        rig.Until(() => handler.Has("failed: ConnectionRefused"));
        Assert.Equal(2, client.DatagramsOut);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void It_hears_its_peer_only(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        Socket peer = rig.Peer();
        Socket stranger = rig.Peer();
        var handler = new RecordingDatagramHandler();
        DatagramClient client = rig.Connect(Address.From(peer.LocalEndPoint), handler);
        stranger.SendTo("strange"u8, client.EndPoint!);
        peer.SendTo("known"u8, client.EndPoint!);
        rig.Until(() => handler.Arrived.Count == 1);
        Assert.Equal("known", Encoding.ASCII.GetString(handler.Arrived.First().Data));
        Assert.Equal($"{peer.LocalEndPoint}", $"{handler.Arrived.First().Peer}");
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Without_a_handler_what_arrives_waits_with_the_refusals_in_order(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        Socket peer = rig.Peer();
        DatagramClient client = rig.Connect(Address.From(peer.LocalEndPoint), new RecordingDatagramHandler(), isQueued: true);
        peer.SendTo("first"u8, client.EndPoint!);
        rig.Until(() => client.WaitingDatagrams == 1);
        peer.Dispose();
        rig.Do(() => client.Send("late"));
        rig.Until(() => client.WaitingDatagrams == 2);
        Assert.Equal("first", Assert.IsType<Datagram>(client.Inbox.TryReceive()).Text);
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(client.Inbox.TryReceive()).SocketErrorCode);
        Assert.Null(client.Inbox.TryReceive());
        Task<bool> more = client.Inbox.WaitAsync(CancellationToken.None);
        DatagramRig.Stop(client);
        Assert.False(await more.Soon());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void What_nobody_receives_is_bounded_and_the_rest_is_counted(PollerKind poller)
    {
        const int Length = 60_000;
        using var rig = new DatagramRig(poller);
        Socket peer = rig.Peer();
        DatagramClient client = rig.Connect(Address.From(peer.LocalEndPoint), new RecordingDatagramHandler(), isQueued: true);
        for (int i = 1; i <= 150; i++)
        {
            peer.SendTo(new byte[Length], client.EndPoint!);
            int sent = i;
            rig.Until(() => client.DatagramsIn == sent);
        }

        Assert.Equal(8 * 1024 * 1024 / (Length + 256), client.WaitingDatagrams);
        Assert.Equal(150 - client.WaitingDatagrams, client.Dropped);
        Assert.Single(client.Log, entry => entry.Level == LogLevel.Warning);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void After_its_stop_it_sends_nothing(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        DatagramClient client = rig.Connect(Address.From(rig.Peer().LocalEndPoint), new RecordingDatagramHandler());
        DatagramRig.Stop(client);
        rig.Do(() => Assert.Throws<NotConnectedException>(() => client.Send("late")));
        client.Send("from elsewhere");
        rig.Until(() => client.ErrorCount == 1);
    }
}
