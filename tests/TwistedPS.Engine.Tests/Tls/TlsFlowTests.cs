using System.Buffers;

namespace TwistedPS.Tests;

public sealed class TlsFlowTests
{
    private const int Large = 10_000_000;

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Much_goes_both_ways_at_once(PollerKind poller)
    {
        byte[] block = Block();
        var handler = new DataHandler { OnConnect = connection => SendAll(connection, block) };
        using var rig = new DataRig(poller == PollerKind.Epoll ? Carrier.Epoll : Carrier.Pool, handler, TlsOptions.Encrypted());
        using var peer = (TlsPeer)rig.Connect().Encrypt();
        Task sending = Task.Run(() =>
        {
            for (int sent = 0; sent < Large; sent += block.Length)
                peer.Send(block);
        });
        byte[] received = new byte[Large];
        await Task.Run(() => peer.Stream.ReadExactly(received)).Soon();
        await sending.Soon();

        // No thread may read from .NET's stream while another one says on it that it ends.
        peer.HalfClose();
        Assert.Empty(peer.BytesToEnd());
        rig.Until("disconnect 0: Done");
        Assert.Equal(Large, handler.Bytes.Length);
        Assert.True(IsRepeated(received, block) && IsRepeated(handler.Bytes, block), "Something else has arrived.");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_paused_connection_gets_the_rest_when_it_resumes(Carrier carrier)
    {
        var handler = new RecordingHandler { OnLine = (connection, _) => connection.Pause() };
        using Rig rig = Rig.Create(carrier, handler, TlsOptions.Encrypted());
        using IPeer peer = rig.ConnectTls();

        // More than one read, so that some of it is decrypted and some is not, and no more than a socket holds.
        string text = new('x', 15_000);
        for (int i = 0; i < 7; i++)
            peer.Send($"{i}{text}\r\n");
        for (int i = 0; i < 7; i++)
        {
            rig.Until($"line 0: {i}{text}");
            Assert.Equal(i + 1, rig.Handler.LinesOf(0).Length);
            rig.Do(() => rig.Server.Connections[0].Resume());
        }
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Any_number_of_records_arrives_whole(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted());
        using IPeer peer = rig.ConnectTls();
        for (int records = 1; records <= 40; records++)
        {
            string text = string.Concat(Enumerable.Range(0, records).Select(i => $"{records}.{i}{new string('y', 1000)}\r\n"));
            peer.Send(text);
            peer.Expect(text);
        }
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_peer_that_does_not_read_is_not_read(Carrier carrier)
    {
        ServerOptions options = TlsOptions.Encrypted() with { SendBufferLimit = 100_000 };
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), options);
        using IPeer peer = rig.ConnectTls();
        peer.StopReading();
        string text = new string('x', 16_000) + "\r\n";
        int sent = 0;
        rig.Until("connect 0");
        LineConnection connection = rig.Server.Connections[0];
        if (peer is MemoryPeer)
        {
            for (; sent < 100; sent++)
                peer.Send(text);
        }
        else
        {
            Task sending = Task.Run(() =>
            {
                for (; sent < 2000; sent++)
                    peer.Send(text);
            });
            rig.Until(() => connection.Transport!.Limit.BlocksReading);
            Assert.False(sending.IsCompleted);
        }

        rig.Do(() => Assert.InRange(connection.UnsentBytes, 50_000, 250_000));
        peer.GoOnReading();
        for (int i = 0; i < (peer is MemoryPeer ? 100 : 2000); i++)
            Assert.True(text == peer.Receive(text.Length), $"Line {i} is not what was sent.");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_cannot_wait_drops_a_peer_that_does_not_read(Carrier carrier)
    {
        ServerOptions options = TlsOptions.Encrypted() with { SendBufferLimit = 100_000 };
        using Rig rig = Rig.Create(carrier, null, options);
        using IPeer peer = rig.ConnectTls();
        peer.StopReading();
        rig.Until("connect 0");
        string text = new('x', 50_000);
        rig.Until(() =>
        {
            rig.Server.Broadcast(text, () => rig.Server.Connections);
            return rig.Handler.Has("disconnect 0: SlowReader");
        });
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_relay_passes_on_what_it_decrypts(PollerKind poller)
    {
        Carrier carrier = poller == PollerKind.Epoll ? Carrier.Epoll : Carrier.Pool;
        using var far = new SocketRig(poller, RecordingHandler.Echo());
        using var rig = new DataRig(carrier, new DataHandler { OnConnect = connection => Relay(connection, far.Server.Port) }, TlsOptions.Encrypted());
        using IPeer peer = rig.Connect().Encrypt();
        peer.Send("one\r\ntwo\r\n");
        peer.Expect("one\r\ntwo\r\n");
        peer.HalfClose();
        Assert.Equal("", peer.ReceiveToEnd());
        rig.Until("disconnect 0: Done");
    }

    [Fact]
    public void What_has_arrived_before_a_loss_is_handled_though_nobody_gets_the_answers()
    {
        MemoryRig rig = null!;
        MemoryPeer peer = null!;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                peer.Transport.Abort(CloseReason.Aborted);
                connection.Send(line);
                rig.Time.Advance(TimeSpan.FromMilliseconds(50));
            },
        };
        using (rig = new MemoryRig(handler, TlsOptions.Encrypted()))
        {
            peer = rig.Connect();
            peer.Encrypt(TlsOptions.Client());
            peer.Transport.Output!.Write("1\n2\n3\n"u8);
            rig.Until("disconnect 0: Lost");
            Assert.Equal(["1", "2", "3"], rig.Handler.LinesOf(0));
        }
    }

    private static void Relay(DataConnection connection, int port)
    {
        var options = new ClientOptions { Host = "127.0.0.1", Port = port };
        var client = new DataClient(connection.Owner.Reactor, options, DataFraming.Raw.Format, null);
        _ = client.ConnectAsync(CancellationToken.None);
        connection.RelayTo(client);
    }

    private static void SendAll(DataConnection connection, byte[] block)
    {
        for (int sent = 0; sent < Large; sent += block.Length)
            connection.Write(block);
    }

    private static byte[] Block()
    {
        var block = new byte[100_000];
        new Random(5).NextBytes(block);
        return block;
    }

    private static bool IsRepeated(byte[] bytes, byte[] block)
    {
        for (int at = 0; at < bytes.Length; at += block.Length)
        {
            if (!bytes.AsSpan(at, block.Length).SequenceEqual(block))
                return false;
        }

        return true;
    }
}
