using System.Net.WebSockets;
using System.Text;

namespace TwistedPS.Tests;

public sealed class WebSocketTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Messages_are_lines_and_answers_are_messages_in_order(PollerKind poller)
    {
        RecordingHandler handler = RecordingHandler.Echo();
        using WebSocketRig rig = WebSocketRig.Create(handler, poller: poller);
        using ClientWebSocket client = rig.Connect();
        string[] texts = [.. Enumerable.Range(0, 500).Select(number => $"{number} é {new string('x', number)}")];
        Task sending = Task.Run(async () =>
        {
            foreach (string text in texts)
                await client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);
        });
        foreach (string text in texts)
            Assert.Equal(text, await client.ReceiveTextAsync());
        await sending.Soon();
        Assert.False(handler.WasNested);
        Assert.Equal(500, rig.Lines.Connections[0].LinesIn);
    }

    [Fact]
    public void Browsers_and_clients_of_lines_are_connections_of_one_server()
    {
        using WebSocketRig rig = WebSocketRig.Create(new RecordingHandler
        {
            OnConnect = connection => ((LineServer)connection.Owner).Groups["all"].Add(connection),
            OnLine = (connection, line) => ((LineServer)connection.Owner).Broadcast(line, () => ((LineServer)connection.Owner).Groups["all"]),
        });
        using SocketPeer browser = rig.ConnectPeer();
        rig.Until(() => rig.Lines.ConnectionCount == 1);
        using SocketPeer line = rig.ConnectLines();
        rig.Until(() => rig.Lines.ConnectionCount == 2);
        browser.SendText("from a browser");
        line.Expect("from a browser\r\n");
        Assert.Equal("from a browser", browser.ReceiveText());
        line.Send("from a line\r\n");
        Assert.Equal("from a line", browser.ReceiveText());
        LineConnection[] all = rig.Lines.Connections;
        Assert.Equal("/", all[0].Request!.Path);
        Assert.Equal("127.0.0.1", all[0].Address);
        Assert.Null(all[1].Request);
        Assert.Contains("WebSocket", rig.Running.Invoke(() => Assert.Throws<InvalidOperationException>(all[0].StartTls)).Message);
    }

    [Fact]
    public void Fragments_are_one_message_and_a_ping_among_them_is_answered()
    {
        using WebSocketRig rig = WebSocketRig.Create(RecordingHandler.Echo());
        using SocketPeer peer = rig.ConnectPeer();
        byte[] text = Encoding.UTF8.GetBytes("a€b");
        peer.SendFrame(Frames.Text, text[..2], isLast: false);
        peer.SendFrame(Frames.Ping, [1, 2, 3]);
        peer.SendFrame(Frames.Continuation, text[2..3], isLast: false);
        peer.SendFrame(Frames.Continuation, text[3..]);
        (byte opcode, byte[] payload) = peer.ReceiveFrame();
        Assert.Equal(Frames.Pong, opcode);
        Assert.Equal([1, 2, 3], payload);
        Assert.Equal("a€b", peer.ReceiveText());
        peer.SendText("");
        Assert.Equal("", peer.ReceiveText());
        peer.SendText("two\r\nlines");
        Assert.Equal("two", peer.ReceiveText());
        Assert.Equal("lines", peer.ReceiveText());
    }

    [Theory]
    [InlineData(1, 16384, true)]
    [InlineData(1, 16385, false)]
    [InlineData(4096, 16384, true)]
    [InlineData(4096, 16385, false)]
    [InlineData(16385, 1 << 26, false)]
    public void A_message_may_be_as_long_as_a_line_however_it_is_cut(int fragment, int length, bool fits)
    {
        var handler = RecordingHandler.Echo();
        using WebSocketRig rig = WebSocketRig.Create(handler);
        using SocketPeer peer = rig.ConnectPeer();
        if (fragment == 1)
            peer.SendText(new string('x', length));
        for (int at = 0; fragment > 1 && at < Math.Min(length, 5 * fragment); at += fragment)
            peer.SendText(new string('x', Math.Min(fragment, length - at)), at == 0 ? Frames.Text : Frames.Continuation, at + fragment >= length);
        if (fits)
        {
            Assert.Equal(length, peer.ReceiveText().Length);
            return;
        }

        Assert.Equal(1009, peer.ReceiveClose());
        rig.Until(() => handler.Has("disconnect 0: LineTooLong"));
        Assert.Empty(handler.LinesOf(0));
        Assert.Equal(1, rig.Lines.LinesTooLong);
    }

    [Fact]
    public void A_server_of_bytes_has_a_stream_in_binary_messages()
    {
        using WebSocketRig rig = WebSocketRig.Create(DataHandler.Echo(), DataFraming.Length16);
        using SocketPeer peer = rig.ConnectPeer();
        peer.SendFrame(Frames.Binary, [0, 3, 1]);
        peer.SendFrame(Frames.Binary, [255, 3, 0]);
        peer.SendFrame(Frames.Text, [1, (byte)'x']);
        List<byte> stream = [];
        while (stream.Count < 8)
        {
            (byte opcode, byte[] payload) = peer.ReceiveFrame();
            Assert.Equal(Frames.Binary, opcode);
            stream.AddRange(payload);
        }

        Assert.Equal([0, 3, 1, 255, 3, 0, 1, (byte)'x'], stream);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_peer_that_does_not_read_is_dropped_by_a_broadcast_and_the_others_have_all(PollerKind poller)
    {
        var handler = new RecordingHandler();
        using WebSocketRig rig = WebSocketRig.Create(handler, poller: poller);
        using SocketPeer slow = rig.ConnectPeer();
        rig.Until("connect 0", handler);
        using SocketPeer reader = rig.ConnectPeer();
        rig.Until("connect 1", handler);
        int rounds = 0;
        for (string text = new('x', 60000); !handler.Has("disconnect 0: SlowReader"); rounds++)
        {
            Assert.True(rounds < 2000, "It is still connected.");
            rig.Running.Invoke(() => rig.Lines.Broadcast(text, () => rig.Lines.Connections));
            Assert.Equal(text, reader.ReceiveText());
        }

        Assert.Single(rig.Lines.Connections);
    }

    [Fact]
    public async Task Hundreds_are_served_at_once_and_none_is_left()
    {
        const int Count = 300;
        using WebSocketRig rig = WebSocketRig.Create(RecordingHandler.Echo());
        ClientWebSocket[] clients = new ClientWebSocket[Count];
        await Parallel.ForAsync(0, Count, async (at, _) =>
        {
            clients[at] = await Task.Run(() => rig.Connect());
            await clients[at].SendTextAsync($"{at}");
            Assert.Equal($"{at}", await clients[at].ReceiveTextAsync());
        });
        Assert.Equal(Count, rig.Lines.ConnectionCount);
        rig.Running.Invoke(() => rig.Lines.Broadcast("all", () => rig.Lines.Connections));
        foreach (ClientWebSocket client in clients)
            Assert.Equal("all", await client.ReceiveTextAsync());
        Task stopped = rig.Http.StopAsync(Waiting.Limit);
        await Parallel.ForEachAsync(clients, async (client, _) =>
        {
            Assert.Equal(1001, await client.ReceiveCloseAsync());
            client.Dispose();
        });
        HttpRig.Ends(stopped);
        Assert.Equal(0, rig.Lines.ConnectionCount);
    }
}
