namespace TwistedPS.Tests;

public sealed class PlainClientTests
{
    // That it is no handshake (10, a line feed), and that it can't go on (40).
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task The_alert_of_a_server_that_speaks_TLS_is_no_line(PollerKind poller)
    {
        foreach (byte description in new byte[] { 10, 40 })
        {
            using var port = new QuietPort();
            port.Open();
            using var rig = new ClientRig(poller);
            LineClient client = rig.NewClient(port.Number);
            Task connecting = client.ConnectAsync(CancellationToken.None);
            using SocketPeer peer = await port.AcceptAsync();
            await connecting.Soon();
            peer.Send([21, 3, 1, 0, 2, 2, description]);
            peer.HalfClose();
            rig.Until(() => client.Status == ClientStatus.Disconnected);
            Assert.Equal(0, client.LinesIn);
            Assert.Equal(CloseReason.TlsFailed, client.Connection!.CloseReason);
            Assert.Contains(client.Log, entry => entry.Message == "Connection closed. Reason: TlsFailed (The server speaks TLS here; connect with -Tls.)");
        }
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Bytes_like_an_alert_within_a_connection_are_what_they_are(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        await rig.ConnectAsync();
        rig.Send("a");
        Assert.Equal("a", await rig.ReceiveAsync());
        rig.Send("\u0015\u0003\u0001");
        Assert.Equal("\u0015\u0003\u0001", await rig.ReceiveAsync());
    }
}
