namespace TwistedPS.Tests;

/// <summary>What a throttle has to do with the rest: peers that read in fits and starts, TLS, relays, clients.</summary>
public sealed class ThrottleFlowTests
{
    private const int Large = 3_000_000;

    // The clock runs faster than the peers.
    private static readonly TimeSpan s_forever = TimeSpan.FromDays(10_000);

    [Theory]
    [ClassData(typeof(Carriers))]
    public async Task Much_arrives_whole_at_a_peer_that_reads_now_and_then(Carrier carrier)
    {
        byte[] bytes = ThrottleTests.Bytes(Large);
        var handler = new RecordingHandler { OnConnect = connection => connection.Write(bytes) };
        var options = new ServerOptions { BytesPerSecond = 4_000_000, SendBufferLimit = 2 * Large };
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, handler, options);
        using IPeer peer = rig.Connect();
        rig.Until("connect 0");

        // More than the kernel takes without a reader.
        rig.TickFor(clock, 0.7);
        if (peer is MemoryPeer)
        {
            rig.TickUntil(clock, () => rig.Server.BytesOut == Large);
            Assert.Equal(bytes, peer.ReceiveBytes(Large));
            return;
        }

        Task<byte[]> receiving = Task.Run(() => peer.ReceiveBytes(Large));
        rig.TickUntil(clock, () => rig.Server.BytesOut == Large);
        Assert.Equal(bytes, await receiving.Soon());
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_conversation_over_tls_is_throttled_on_the_wire(Carrier carrier)
    {
        ServerOptions options = Slow(TlsOptions.Encrypted()) with { BytesPerSecond = 20_000 };
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, RecordingHandler.Echo(), options);
        using IPeer peer = rig.Connect();
        IPeer encrypted = rig.TickDuring(clock, () => peer.Encrypt());
        double start = clock.Elapsed.TotalSeconds;
        string text = string.Concat(Enumerable.Range(0, 30).Select(i => $"{i} {new string('x', 1000)}\r\n"));
        encrypted.Send(text);
        Assert.Equal(text, rig.TickDuring(clock, () => encrypted.Receive(text.Length)));
        Assert.True(clock.Elapsed.TotalSeconds - start > 1.2);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_was_sent_before_tls_began_goes_in_plain_text(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send($"{line}{new string('.', 3000)}");
                if (line == "starttls")
                    connection.StartTls();
            },
        };
        ServerOptions options = Slow(TlsOptions.OnRequest()) with { BytesPerSecond = 1000 };
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, handler, options);
        using IPeer peer = rig.Connect();
        peer.Send("starttls\n");
        Assert.Equal($"starttls{new string('.', 3000)}\r\n", rig.TickDuring(clock, () => peer.Receive(3010)));
        IPeer encrypted = rig.TickDuring(clock, () => peer.Encrypt());
        encrypted.Send("secret\n");
        Assert.Equal($"secret{new string('.', 3000)}\r\n", rig.TickDuring(clock, () => encrypted.Receive(3008)));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_peer_that_ends_gets_all_answers(Carrier carrier)
    {
        var options = new ServerOptions { BytesPerSecond = 5000, DrainTime = s_forever };
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, RecordingHandler.Echo(), options);
        using IPeer peer = rig.Connect();
        string text = string.Concat(Enumerable.Range(0, 700).Select(i => $"{i} {new string('y', i % 50)}\r\n"));
        peer.Send(text);
        peer.HalfClose();
        Assert.Equal(text, rig.TickDuring(clock, () => peer.ReceiveToEnd()));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public async Task A_peer_that_goes_on_sending_gets_the_last_answer_all_the_same(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, _) =>
            {
                connection.Send("bye");
                connection.Close();
            },
        };
        using Rig rig = Rig.CreateTimed(carrier, out _, handler, new ServerOptions { BytesPerSecond = 1000 });
        using IPeer peer = rig.Connect();
        void SendMuch()
        {
            peer.Send($"go\n{new string('x', Large)}");
            peer.HalfClose();
        }

        if (peer is MemoryPeer)
            SendMuch();
        else
            await Task.Run(SendMuch).Soon();
        Assert.Equal("bye\r\n", peer.ReceiveToEnd());
        rig.Until("disconnect 0: Done");
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_client_is_throttled_as_well(PollerKind poller)
    {
        using var rig = new SocketRig(poller, RecordingHandler.Echo());
        var clock = new ManualClock();
        using var running = new RunningReactor(poller, clock);
        var options = new ClientOptions { Host = "127.0.0.1", Port = rig.Server.Port, BytesPerSecond = 1000 };
        var client = new LineClient(running.Reactor, options, new LineFormat(), null);
        Task connecting = client.ConnectAsync(CancellationToken.None);
        running.Until(() => connecting.IsCompletedSuccessfully);
        running.Invoke(() => client.Connection!.Send(new string('z', 2000)));
        string? answer = null;
        running.Until(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(20));
            return client.TryReceive(out answer);
        });
        Assert.Equal(new string('z', 2000), answer);
        Assert.True(clock.Elapsed.TotalSeconds > 1.7);
        running.Invoke(() => client.Connection!.Abort());
    }

    private static ServerOptions Slow(ServerOptions options) => options with { Tls = options.Tls! with { HandshakeTimeout = s_forever } };
}
