using System.Net.Sockets;
using System.Net.WebSockets;

namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public sealed class WebSocketCloseTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("close", 1000, CloseReason.Done)]
    [InlineData("half", 1000, CloseReason.Done)]
    [InlineData("throw", 1011, CloseReason.HandlerError)]
    public void A_handler_that_ends_a_connection_is_told_by_its_code(string way, int code, CloseReason reason)
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send("last");
                if (line == "throw")
                    throw new FormatException();
                if (line == "half")
                    connection.EndSending();
                else
                    connection.Close();
            },
        };
        using WebSocketRig rig = WebSocketRig.Create(handler);
        using SocketPeer peer = rig.ConnectPeer();
        peer.SendText(way);
        Assert.Equal("last", peer.ReceiveText());
        Assert.Equal(code, peer.ReceiveClose());
        rig.Until($"disconnect 0: {reason}", handler);
        Assert.Equal(1, handler.Events.Count(it => it.StartsWith("disconnect", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_connection_over_a_limit_is_refused_by_its_code()
    {
        var handler = new RecordingHandler();
        using WebSocketRig rig = WebSocketRig.Create(handler, options: new() { MaxConnectionsPerAddress = 1 });
        using SocketPeer first = rig.ConnectPeer();
        rig.Until("connect 0", handler);
        using SocketPeer second = rig.ConnectPeer();
        Assert.Equal(1008, second.ReceiveClose());
        rig.Until(() => rig.Lines.RefusedConnections == 1);
        Assert.Single(rig.Lines.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stop_of_either_server_closes_them_and_frees_the_port(bool ofHttp)
    {
        var handler = new RecordingHandler();
        using WebSocketRig rig = WebSocketRig.Create(handler);
        using SocketPeer peer = rig.ConnectPeer();
        rig.Until("connect 0", handler);
        using SocketPeer line = rig.ConnectLines();
        rig.Until("connect 1", handler);
        Task stopped = ofHttp ? rig.Http.StopAsync(s_long) : rig.Server.StopAsync(s_long);
        Assert.Equal(1001, peer.ReceiveClose());
        rig.Until("disconnect 0: ServerStopped", handler);
        if (ofHttp)
        {
            Assert.Single(rig.Lines.Connections);
            Assert.Throws<SocketException>(() => rig.Ask());
        }
        else
        {
            line.Close();
            using SocketPeer late = rig.Ask();
            Assert.StartsWith("HTTP/1.1 503 ", late.ReceiveHead());
        }

        HttpRig.Ends(stopped);
    }

    [Fact]
    public void A_stop_waits_no_longer_for_a_peer_than_the_drain_time()
    {
        using WebSocketRig rig = WebSocketRig.Create(new RecordingHandler());
        using SocketPeer silent = rig.ConnectPeer();
        HttpRig.Stop(rig.Http, TimeSpan.Zero);
        Assert.Equal(Frames.Close, silent.ReceiveFrame().Opcode);
        Assert.Equal("", silent.ReceiveToEnd());
    }

    [Fact]
    public void A_server_that_is_owned_starts_and_stops_with_the_web_server()
    {
        var handler = RecordingHandler.Echo();
        using var running = new RunningReactor(PollerKind.Auto);
        var lines = new LineServer(running.Reactor, new(), new() { Delimiter = LineDelimiter.Nul }, handler);
        var http = new HttpServer(running.Reactor, new() { WebSockets = new() { Server = lines, IsOwned = true } }, HttpTestHandler.Counter());
        running.Invoke(http.Start);
        Assert.Equal(ServerStatus.Running, lines.Status);
        Assert.Same(lines, http.WebSocketServer);
        using var peer = new SocketPeer(http.EndPoint!);
        peer.Send($"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {WebSocketRig.Key}\r\n\r\n");
        peer.ReceiveHead();
        peer.SendText("two\r\nlines");
        Assert.Equal("two\r\nlines", peer.ReceiveText());
        Task stopped = http.StopAsync(s_long);
        Assert.Equal(1001, peer.ReceiveClose());
        HttpRig.Ends(stopped);
        Assert.Equal(ServerStatus.Stopped, lines.Status);
        Assert.True(handler.Has("stop"));
    }

    [Fact]
    public void A_peer_that_closes_is_answered_with_the_same()
    {
        var handler = RecordingHandler.Echo();
        using WebSocketRig rig = WebSocketRig.Create(handler);
        using SocketPeer peer = rig.ConnectPeer();
        peer.SendText("a");
        peer.SendFrame(Frames.Close, [0x03, 0xE8]);
        Assert.Equal("a", peer.ReceiveText());
        (byte opcode, byte[] payload) = peer.ReceiveFrame();
        Assert.Equal(Frames.Close, opcode);
        Assert.Equal([0x03, 0xE8], payload);
        Assert.Equal("", peer.ReceiveToEnd());
        rig.Until("disconnect 0: Done", handler);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_that_goes_without_a_word_is_lost(bool byReset)
    {
        var handler = new RecordingHandler();
        using WebSocketRig rig = WebSocketRig.Create(handler);
        using SocketPeer peer = rig.ConnectPeer();
        peer.SendText("a");
        rig.Until("line 0: a", handler);
        if (byReset)
            peer.Reset();
        else
            peer.Close();
        rig.Until("disconnect 0: Lost", handler);
    }

    [Theory]
    [InlineData(Frames.Text, 0x40, 1002)]
    [InlineData(3, 0, 1002)]
    [InlineData(Frames.Continuation, 0, 1002)]
    [InlineData(Frames.Text, 0, 1007)]
    [InlineData(Frames.Binary, 0, 1003)]
    public void What_is_no_text_ends_its_connection_alone_with_a_code(byte opcode, byte reserved, int code)
    {
        var handler = RecordingHandler.Echo();
        using WebSocketRig rig = WebSocketRig.Create(handler);
        using SocketPeer other = rig.ConnectPeer();
        rig.Until("connect 0", handler);
        using SocketPeer peer = rig.ConnectPeer();
        peer.SendFrame(opcode, [0xFF], reserved: reserved);
        (byte answer, byte[] payload) = peer.ReceiveFrame();
        Assert.Equal((Frames.Close, code), (answer, (payload[0] << 8) | payload[1]));
        if (code == 1003)
            peer.SendFrame(Frames.Close, payload);
        peer.ReceiveToReset();
        rig.Until("disconnect 1: InvalidMessage", handler);
        other.SendText("still here");
        Assert.Equal("still here", other.ReceiveText());
    }

    [Fact]
    public void An_idle_time_ends_one_that_is_silent()
    {
        var handler = new RecordingHandler();
        using WebSocketRig rig = WebSocketRig.Create(handler, options: new() { IdleTimeout = TimeSpan.FromMilliseconds(50) });
        using SocketPeer peer = rig.ConnectPeer();
        rig.Until("disconnect 0: TimedOut", handler);
        peer.ReceiveToReset();
    }

    [Fact]
    public async Task A_reactor_that_is_gone_takes_them_with_it()
    {
        var handler = new RecordingHandler();
        var running = new RunningReactor(PollerKind.Auto);
        var lines = new LineServer(running.Reactor, new(), new(), handler);
        var http = new HttpServer(running.Reactor, new() { WebSockets = new() { Server = lines, IsOwned = true } }, HttpTestHandler.Counter());
        running.Invoke(http.Start);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://localhost:{http.Port}"), CancellationToken.None).Soon();
        running.Until(() => lines.ConnectionCount == 1);
        running.Dispose();
        await Assert.ThrowsAsync<WebSocketException>(client.ReceiveTextAsync);
        Assert.Throws<SocketException>(() => new SocketPeer(http.EndPoint!));
    }
}
