using System.Net.WebSockets;

namespace TwistedPS.Tests;

public sealed class WebSocketUpgradeTests
{
    [Fact]
    public void The_answer_to_a_request_is_that_of_the_standard()
    {
        using WebSocketRig rig = WebSocketRig.Create(new RecordingHandler());
        using SocketPeer peer = rig.Ask();
        Assert.Equal(
            "HTTP/1.1 101 Switching Protocols\r\n"
            + "Connection: Upgrade\r\n"
            + "Upgrade: websocket\r\n"
            + $"Sec-WebSocket-Accept: {WebSocketRig.AnswerToKey}\r\n\r\n",
            peer.ReceiveHead());
    }

    [Theory]
    [InlineData("8", WebSocketRig.Key, "426 Upgrade Required", "\r\nSec-WebSocket-Version: 13\r\n")]
    [InlineData("13", "short", "400 Bad Request", "\r\n")]
    [InlineData("13", "AAAA", "400 Bad Request", "\r\n")]
    [InlineData("13", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "400 Bad Request", "\r\n")]
    public void A_request_that_is_wrong_is_told_so(string version, string key, string status, string header)
    {
        using WebSocketRig rig = WebSocketRig.Create(new RecordingHandler());
        using SocketPeer peer = rig.Ask(version: version, key: key);
        string head = peer.ReceiveHead();
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", head);
        Assert.Contains(header, head);
        Assert.Equal(1, rig.Http.Refused);
    }

    [Theory]
    [InlineData("/chat", "101")]
    [InlineData("/ch%61t?room=1", "101")]
    [InlineData("/", "200")]
    [InlineData("/chat/x", "200")]
    public void Requests_for_another_path_are_those_of_pages(string path, string status)
    {
        using WebSocketRig rig = WebSocketRig.Create(new RecordingHandler(), change: options => options with { Path = "/chat" });
        using SocketPeer peer = rig.Ask(path);
        Assert.StartsWith($"HTTP/1.1 {status} ", peer.ReceiveHead());
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}", "101")]
    [InlineData("https://listed.example", "101")]
    [InlineData("http://localhost:{0}", "403")]
    [InlineData("https://evil.example", "403")]
    [InlineData("null", "403")]
    public void Pages_of_others_are_refused_and_logged(string origin, string status)
    {
        var handler = new RecordingHandler();
        using WebSocketRig rig = WebSocketRig.Create(
            handler, change: options => options with { Origins = AllowedOrigins.Parse(["https://listed.example"]) });
        origin = origin.Replace("{0}", $"{rig.Http.Port}", StringComparison.Ordinal);
        using SocketPeer peer = rig.Ask(more: $"Origin: {origin}\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", peer.ReceiveHead());
        rig.Until(() => rig.Http.Log.Any(entry => entry.Message == $"GET / {status}"));
        Assert.Equal(status == "403", rig.Http.Log.Any(entry =>
            entry.Level == LogLevel.Warning && entry.Message == $"GET / comes from a page of {origin}, which -AllowedOrigin does not list."));
        if (status == "403")
            Assert.False(handler.Has("connect 0"));
        else
            rig.Until(() => handler.Has("connect 0"));
    }

    [Theory]
    [InlineData("a, c", "c")]
    [InlineData("b,c", "b")]
    [InlineData("x", null)]
    [InlineData(null, null)]
    public void A_subprotocol_is_the_first_of_the_server_that_the_peer_has_too(string? offered, string? agreed)
    {
        using WebSocketRig rig = WebSocketRig.Create(new RecordingHandler(), change: options => options with { Protocols = ["b", "c"] });
        using SocketPeer peer = rig.Ask(more: offered is null ? "" : $"Sec-WebSocket-Protocol: {offered}\r\n");
        string head = peer.ReceiveHead();
        if (agreed is null)
            Assert.DoesNotContain("Sec-WebSocket-Protocol", head);
        else
            Assert.Contains($"\r\nSec-WebSocket-Protocol: {agreed}\r\n", head);
        rig.Until(() => rig.Lines.ConnectionCount == 1);
        Assert.Equal(offered, rig.Lines.Connections[0].Request!.Headers["Sec-WebSocket-Protocol"]);
    }

    [Fact]
    public async Task Requests_beside_them_are_answered_as_ever()
    {
        using WebSocketRig rig = WebSocketRig.Create(RecordingHandler.Echo());
        using ClientWebSocket client = rig.Connect("/x?y=z", options => options.SetRequestHeader("X-Test", "1"));
        using var http = new HttpClient();
        Assert.Equal("I am request #1\n", await http.GetStringAsync(new Uri($"http://127.0.0.1:{rig.Http.Port}/")).Soon());
        rig.Until(() => rig.Lines.ConnectionCount == 1);
        HttpRequest request = rig.Lines.Connections[0].Request!;
        Assert.Equal(("/x", "z", "1"), (request.Path, request.Query["y"], request.Headers["x-test"]));
        Assert.Equal((1, 0, 0), (rig.Http.Requests, rig.Http.Refused, rig.Http.RequestsUnderWay));
    }
}
