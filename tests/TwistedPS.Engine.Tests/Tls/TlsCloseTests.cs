using System.Security.Authentication;

namespace TwistedPS.Tests;

public sealed class TlsCloseTests
{
    public static TheoryData<Carrier, SslProtocols> All => TlsConversationTests.CarriersAndVersions;

    [Theory]
    [InlineData(Carrier.Epoll)]
    [InlineData(Carrier.Pool)]
    public void An_end_that_comes_with_data_is_seen_while_the_network_stays_open(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted());
        using IPeer peer = rig.ConnectTls();
        peer.Send("first\n");
        peer.Expect("first\r\n");

        // While the reactor is held, both arrive.
        rig.Do(() =>
        {
            peer.Send("last\n");
            peer.HalfClose();
        });
        rig.Until("disconnect 0: Done");
        peer.Expect("last\r\n");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_close_sends_everything_and_the_end(Carrier carrier, SslProtocols version)
    {
        string text = new('x', 300_000);
        var handler = new RecordingHandler
        {
            OnLine = (connection, _) =>
            {
                connection.Send(text);
                connection.Close();
            },
        };
        using Rig rig = Rig.Create(carrier, handler, TlsOptions.Encrypted(TlsOptions.Server(version)));
        using IPeer peer = rig.ConnectTls();
        peer.Send("go\r\n");
        Assert.True(text + "\r\n" == peer.ReceiveToEnd(), "Something else was sent.");
        peer.Close();
        rig.Until("disconnect 0: Done");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_end_has_a_word_in_TLS(Carrier carrier, SslProtocols version)
    {
        using Rig rig = Rig.Create(carrier, new() { OnConnect = connection => connection.Close() }, TlsOptions.Encrypted(TlsOptions.Server(version)));
        using IPeer peer = rig.ConnectTls();
        Assert.Equal("", peer.ReceiveToEnd());

        // A peer in memory is ours, and would be lost, were it cut off.
        Assert.Null((peer as MemoryPeer)?.Transport.Error);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_end_without_that_word_is_a_loss(Carrier carrier, SslProtocols version)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted(TlsOptions.Server(version)));
        using IPeer peer = rig.ConnectTls();
        peer.Send("last\r\n");
        peer.Expect("last\r\n");
        Truncate(peer);
        rig.Until("disconnect 0: Lost");
        Assert.Contains(rig.Server.Log, entry => entry.Message.Contains("close_notify", StringComparison.Ordinal));
        Assert.Equal(0, rig.Server.ErrorCount);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_came_before_such_an_end_is_handled_and_answered(Carrier carrier, SslProtocols version)
    {
        string text = new('x', 16_000);
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted(TlsOptions.Server(version)));
        using IPeer peer = rig.ConnectTls();
        for (int i = 0; i < 20; i++)
            peer.Send(text + "\r\n");
        Truncate(peer);
        Assert.Equal(20 * (text.Length + 2), peer.ReceiveToEnd().Length);
        rig.Until("disconnect 0: Lost");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_end_of_the_peer_finishes_what_it_has_sent(Carrier carrier, SslProtocols version)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted(TlsOptions.Server(version)));
        using IPeer peer = rig.ConnectTls();
        peer.Send("one\r\ntwo\r\n");
        peer.HalfClose();
        Assert.Equal("one\r\ntwo\r\n", peer.ReceiveToEnd());
        rig.Until("disconnect 0: Done");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Each_side_may_end_before_the_other(Carrier carrier, SslProtocols version)
    {
        var handler = new RecordingHandler
        {
            OnConnect = connection =>
            {
                connection.Send("all");
                connection.EndSending();
            },
        };
        ServerOptions options = TlsOptions.Encrypted(TlsOptions.Server(version)) with { AllowHalfOpen = true };
        using Rig rig = Rig.Create(carrier, handler, options);
        using IPeer peer = rig.ConnectTls();
        Assert.Equal("all\r\n", peer.ReceiveToEnd());
        peer.Send("and yet\r\n");
        rig.Until("line 0: and yet");
        peer.HalfClose();
        rig.Until("disconnect 0: Done");
        Assert.Contains("end 0", rig.Handler.Events);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_abort_drops_it(Carrier carrier, SslProtocols version)
    {
        using Rig rig = Rig.Create(carrier, new() { OnLine = (connection, _) => connection.Abort() }, TlsOptions.Encrypted(TlsOptions.Server(version)));
        using IPeer peer = rig.ConnectTls();
        peer.Send("go\r\n");
        rig.Until("disconnect 0: Aborted");
        Assert.ThrowsAny<Exception>(() => peer.ReceiveBytes(1));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_stop_closes_it(Carrier carrier, SslProtocols version)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), TlsOptions.Encrypted(TlsOptions.Server(version)));
        using IPeer peer = rig.ConnectTls();
        rig.Until("connect 0");
        rig.Do(() => _ = rig.Server.StopAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal("", peer.ReceiveToEnd());
        peer.Close();
        rig.UntilStopped();
        Assert.Equal(["start", "connect 0", "disconnect 0: ServerStopped", "stop"], rig.Handler.Events);
    }

    /// <summary>Ends the bytes beneath TLS.</summary>
    private static void Truncate(IPeer peer)
    {
        if (peer is TlsPeer encrypted)
            encrypted.Truncate();
        else
            ((MemoryPeer)peer).Truncate();
    }
}
