using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

public sealed class LineServerLoadTests
{
    private const int Clients = 50;
    private const int Lines = 200;

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Fifty_clients_at_once_lose_nothing_and_get_everything_in_order(PollerKind poller)
    {
        using var rig = new SocketRig(poller, RecordingHandler.Echo());
        string[] received = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => TalkAsync(rig, i))).Soon();
        for (int i = 0; i < Clients; i++)
            Assert.Equal(Text(i, "\r\n"), received[i]);
        rig.Until(() => rig.Server.ConnectionCount == 0);
        Assert.Equal(Clients * Lines, rig.Server.LinesIn);
        Assert.Equal(Clients, rig.Server.TotalConnections);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Five_hundred_connections_come_and_go(PollerKind poller)
    {
        using var rig = new SocketRig(poller, RecordingHandler.Echo());
        for (int i = 0; i < 500; i++)
        {
            using SocketPeer peer = rig.Connect();
            peer.Send("a\n");
            peer.HalfClose();
            Assert.Equal("a\r\n", peer.ReceiveToEnd());
            Assert.Equal(2 * (i + 1), rig.Server.BytesIn);
        }

        rig.Until(() => rig.Server.ConnectionCount == 0);
        Assert.Equal(500, rig.Handler.Events.Count(it => it.EndsWith(": Done", StringComparison.Ordinal)));
    }

    private static async Task<string> TalkAsync(SocketRig rig, int client)
    {
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync((System.Net.IPEndPoint)rig.Server.EndPoint!);
        tcp.NoDelay = true;
        NetworkStream stream = tcp.GetStream();
        Task<string> receiving = new StreamReader(stream, Encoding.UTF8).ReadToEndAsync();
        byte[] bytes = Encoding.UTF8.GetBytes(Text(client, "\n"));
        for (int at = 0, length = 1 + client; at < bytes.Length; at += length)
            await stream.WriteAsync(bytes.AsMemory(at, Math.Min(length, bytes.Length - at)));
        tcp.Client.Shutdown(SocketShutdown.Send);
        return await receiving;
    }

    private static string Text(int client, string end) =>
        string.Concat(Enumerable.Range(0, Lines).Select(line => $"client {client}, line {line}: é{end}"));
}
