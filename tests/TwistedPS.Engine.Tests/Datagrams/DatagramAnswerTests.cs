using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

/// <summary>Answers that wait for the other ones of a wake-up.</summary>
public sealed class DatagramAnswerTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void They_come_in_order_whatever_their_lengths_and_with_what_is_sent_at_once_among_them(PollerKind poller)
    {
        const int Count = 100;
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler
        {
            OnDatagram = (peer, data) =>
            {
                if (data[0] % 5 == 4)
                    peer.Send(data);
                else
                    peer.Owner.Output.Answer(data, peer);
            },
        };
        DatagramServer server = rig.Serve(handler);
        Socket peer = rig.Peer(server);
        byte[][] sent = [.. Enumerable.Range(0, Count).Select(i => Enumerable.Repeat((byte)i, i % 3 == 0 ? 3000 : 1 + i).ToArray())];
        rig.Do(() => Array.ForEach(sent, data => peer.Send(data)));
        Assert.Equal(sent, sent.Select(_ => DatagramRig.Receive(peer)));
        rig.Do(() => Assert.Equal((Count, sent.Sum(data => data.Length)), (server.DatagramsOut, server.BytesOut)));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void One_that_the_system_refuses_is_told_of_and_the_others_go(PollerKind poller)
    {
        var refusing = new IPEndPoint(IPAddress.Broadcast, 9);
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler();
        handler.OnDatagram = (peer, data) =>
        {
            DatagramPeer to = data[0] == 'b' ? new DatagramPeer(peer.Part, refusing.Serialize(), Address.From(refusing)) : peer;
            peer.Owner.Output.Answer(data, to);
        };
        DatagramServer server = rig.Serve(handler);
        Socket peer = rig.Peer(server);
        rig.Do(() => Array.ForEach(["a", "b", "c", "d"], text => peer.Send(System.Text.Encoding.ASCII.GetBytes(text))));
        Assert.Equal(["a", "c", "d"], Enumerable.Range(0, 3).Select(_ => DatagramRig.ReceiveText(peer)));
        rig.Until(() => server.Errors.Length == 1);
        Assert.Equal(SocketError.AccessDenied, Assert.IsType<SocketException>(Assert.Single(server.Errors).Exception).SocketErrorCode);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Those_before_an_interrupted_call_are_sent(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler();
        handler.OnDatagram = (peer, data) =>
        {
            peer.Owner.Output.Answer(data, peer);
            if (data[0] is 1 or 3)
                throw new ReactorInterruptedException(new OperationCanceledException());
        };
        Socket peer = rig.Peer(rig.Serve(handler));
        rig.Do(() =>
        {
            for (byte i = 0; i < 4; i++)
                peer.Send([i]);
        });
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(_ => (int)DatagramRig.Receive(peer)[0]));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Those_of_a_handler_that_stops_its_server_are_sent(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler
        {
            OnDatagram = (peer, data) =>
            {
                peer.Owner.Output.Answer(data, peer);
                if (data[0] == 1)
                    peer.Owner.Dispose();
            },
        };
        Socket peer = rig.Peer(rig.Serve(handler));
        rig.Do(() =>
        {
            for (byte i = 0; i < 4; i++)
                peer.Send([i]);
        });
        Assert.Equal([0, 1], Enumerable.Range(0, 2).Select(_ => (int)DatagramRig.Receive(peer)[0]));
    }
}
