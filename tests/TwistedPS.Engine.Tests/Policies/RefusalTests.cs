using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class RefusalTests
{
    private static readonly AddressList s_nobody = new([], [AddressRange.Parse("127.0.0.0/8")]);

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_peer_from_a_denied_address_gets_the_end_and_is_no_connection(PollerKind poller)
    {
        using var rig = new SocketRig(poller, options: new ServerOptions { Addresses = s_nobody, MaxConnections = 1 });
        for (int i = 1; i <= 3; i++)
        {
            using SocketPeer peer = rig.Connect();
            Assert.Equal("", peer.ReceiveToEnd());
            peer.Close();
            rig.Until(() => rig.Server.RefusedConnections == i);
        }

        Assert.Equal(["start"], rig.Handler.Events);
        rig.Until(() => rig.Server.Log.Count(entry => entry.Message == "Lost client connection. Reason: Refused") == 3);
        Assert.Equal(3, rig.Server.Log.Count(entry => entry is { Level: LogLevel.Warning, Message: "Address not allowed. bye !" }));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_peer_from_an_allowed_address_and_one_without_an_address_are_served(Carrier carrier)
    {
        var addresses = new AddressList([AddressRange.Parse("127.0.0.1")], []);
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), new ServerOptions { Addresses = addresses });
        using IPeer peer = rig.Connect();
        peer.Send("a\n");
        peer.Expect("a\r\n");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Who_is_refused_gets_the_message_as_a_line_and_the_end(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, options: new ServerOptions { MaxConnections = 1, RefusedMessage = "busy\ncome later" });
        using IPeer first = rig.Connect();
        rig.Until("connect 0");
        using IPeer second = rig.Connect();
        second.Send("a\n");
        Assert.Equal("busy\r\ncome later\r\n", second.ReceiveToEnd());
        second.Close();
        rig.Until(() => rig.Server.Log[^1].Message == "Lost client connection. Reason: Refused");
        Assert.Equal(["start", "connect 0"], rig.Handler.Events);
    }

    [Theory]
    [InlineData("Raw", "bus\u00fd")]
    [InlineData("Netstring", "5:bus\u00fd,")]
    [InlineData("Length16", "\0\u0005bus\u00fd")]
    public void A_server_of_bytes_frames_the_message(string framing, string expected)
    {
        using var rig = new DataRig(Carrier.Pool, options: new ServerOptions { Addresses = s_nobody, RefusedMessage = "bus\u00fd" }, framing: DataFraming.Parse(framing));
        using IPeer peer = rig.Connect();
        Assert.Equal(expected, peer.ReceiveToEnd());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Over_tls_there_is_neither_a_handshake_nor_a_message(PollerKind poller)
    {
        ServerOptions options = TlsOptions.Encrypted() with { Addresses = s_nobody, RefusedMessage = "go" };
        using var rig = new SocketRig(poller, options: options);
        using SocketPeer peer = rig.Connect();
        Assert.Equal("", peer.ReceiveToEnd());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Where_tls_begins_later_the_message_goes_in_plain_text(PollerKind poller)
    {
        ServerOptions options = TlsOptions.OnRequest() with { Addresses = s_nobody, RefusedMessage = "go" };
        using var rig = new SocketRig(poller, options: options);
        using SocketPeer peer = rig.Connect();
        Assert.Equal("go\r\n", peer.ReceiveToEnd());
    }

    [Theory]
    [ClassData(typeof(ResettingCarriers))]
    public void No_more_than_100_wait_with_their_message(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, options: new ServerOptions { MaxConnections = 1, RefusedMessage = new string('x', 4096) });
        var peers = new List<IPeer>();
        for (int i = 0; i < 1 + 100 + 20; i++)
        {
            peers.Add(rig.Connect());
            rig.Until(() => rig.Server.TotalConnections == peers.Count);
        }

        rig.Until(() => rig.Server.Log.Count(entry => entry.Message == "Lost client connection. Reason: Refused") == 20);
        Assert.Equal(4098, peers[1].ReceiveToEnd().Length);
        if (peers[^1] is SocketPeer reset)
            Assert.Throws<SocketException>(() => reset.ReceiveToEnd());
        peers.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public void A_message_that_the_framing_cannot_carry_is_an_error_at_the_start()
    {
        var options = new ServerOptions { RefusedMessage = "a;b" };
        Assert.ThrowsAny<InvalidMessageException>(() => new MemoryRig(options: options, format: new LineFormat { Delimiter = LineDelimiter.Parse(";") }));
    }
}
