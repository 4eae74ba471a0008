using System.Net;

namespace TwistedPS.Tests;

public sealed class HttpServerTests
{
    [Fact]
    [Trait("Check", "H1")]
    public void Any_path_is_answered_with_plain_text()
    {
        using var rig = new HttpRig();
        HttpReply answer = rig.Ask(HttpMethod.Get, path: "/any/path?x=1");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("text/plain", answer.Headers.ContentType!.MediaType);
        Assert.Equal("utf-8", answer.Headers.ContentType.CharSet);
        Assert.Equal("I am request #1\n", answer.Text);
        Assert.Equal("I am request #2\n", rig.Get());
        Assert.Equal(2, rig.Server.Requests);
    }

    [Fact]
    [Trait("Check", "H1")]
    public void Each_server_counts_for_itself()
    {
        using var first = new HttpRig();
        using var second = new HttpRig();
        Assert.Equal("I am request #1\n", first.Get());
        Assert.Equal("I am request #1\n", second.Get());
    }

    [Fact]
    [Trait("Check", "H2")]
    public void A_connection_serves_one_request_after_the_other_until_it_is_asked_to_close()
    {
        using var rig = new HttpRig();
        using SocketPeer peer = rig.Send("GET /1");
        Assert.EndsWith("\r\n\r\nI am request #1\n", ReceiveAnswer(peer, 16));
        peer.Send("GET /2 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        string last = peer.ReceiveToEnd();
        Assert.Contains("\r\nConnection: close\r\n", last);
        Assert.EndsWith("\r\n\r\nI am request #2\n", last);
    }

    [Fact]
    [Trait("Check", "H2")]
    public void A_connection_of_HTTP_1_0_is_closed_after_its_request()
    {
        using var rig = new HttpRig();
        using SocketPeer peer = rig.Connect();
        peer.Send("GET / HTTP/1.0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", peer.ReceiveToEnd());
    }

    [Fact]
    [Trait("Check", "H3")]
    public void HEAD_gets_the_headers_of_GET_alone()
    {
        using var rig = new HttpRig();
        using SocketPeer peer = rig.Send("HEAD /", "Connection: close\r\n");
        string answer = peer.ReceiveToEnd();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer);
        Assert.Contains("\r\nContent-Length: 16\r\n", answer);
        Assert.EndsWith("\r\n\r\n", answer);
        Assert.DoesNotContain("request #", answer);
    }

    [Fact]
    [Trait("Check", "H4")]
    public void A_method_without_a_handler_is_refused_and_not_counted()
    {
        using var rig = new HttpRig();
        HttpReply answer = rig.Ask(HttpMethod.Delete);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Equal(["GET", "HEAD", "POST"], answer.Headers.Allow.Order());
        HttpReply put = rig.Ask(HttpMethod.Put, "text");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, put.Status);
        Assert.Equal("405 Method Not Allowed\n", put.Text);
        Assert.Equal("I am request #1\n", rig.Get());
        Assert.Equal((1, 2), (rig.Server.Requests, rig.Server.Refused));
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nno colon\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n")]
    [Trait("Check", "H5")]
    public void Garbage_is_answered_with_400_and_the_end(string sent)
    {
        using var rig = new HttpRig();
        using SocketPeer peer = rig.Connect();
        peer.Send(sent);
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", peer.ReceiveToEnd());
        Assert.Equal("I am request #1\n", rig.Get());
    }

    [Fact]
    [Trait("Check", "H5")]
    public void A_request_that_the_listener_has_refused_is_not_handled()
    {
        using var rig = new HttpRig();
        using SocketPeer peer = rig.Send("POST /");
        Assert.StartsWith("HTTP/1.1 411 Length Required\r\n", peer.ReceiveToEnd());
        rig.Until(() => rig.Server.Refused == 1);
        Assert.Equal("I am request #1\n", rig.Get());
    }

    [Fact]
    [Trait("Check", "H8")]
    public async Task Parallel_requests_are_handled_one_at_a_time_and_get_a_number_each()
    {
        using var rig = new HttpRig();
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => rig.Client.GetStringAsync(rig.Url()))).Soon();
        Assert.Equal(
            Enumerable.Range(1, 200).Select(number => $"I am request #{number}\n").Order(),
            answers.Order());
        Assert.False(rig.Handler.WasNested);
        Assert.Equal(200, rig.Server.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1:1", false, "200 OK")]
    [InlineData("LOCALHOST", false, "200 OK")]
    [InlineData("elsewhere.example", false, "404 Not Found")]
    [InlineData("elsewhere.example", true, "200 OK")]
    public void On_loopback_only_its_own_names_are_answered_and_everywhere_all(string host, bool any, string status)
    {
        using var rig = new HttpRig(options: new() { EndPoint = new IPEndPoint(any ? IPAddress.IPv6Any : IPAddress.Loopback, 0) });
        Assert.Equal(any ? IPAddress.Any : IPAddress.Loopback, rig.Server.EndPoint!.Address);
        using SocketPeer peer = rig.Send("GET /", "Connection: close\r\n", host: host);
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", peer.ReceiveToEnd());
    }

    [Fact]
    public void The_log_says_what_was_asked_and_answered_a_line_each()
    {
        using var rig = new HttpRig(options: new() { Name = "Web" });
        rig.Get("/x%0d%0ay?secret=1");
        rig.Ask(HttpMethod.Delete);
        rig.Until(() => rig.Server.Log.Length == 3);
        Assert.Equal($"Started on 127.0.0.1:{rig.Server.Port}", rig.Server.Log[0].Message);
        Assert.EndsWith("[Web,0,127.0.0.1] GET /x%0D%0Ay 200", rig.Server.Log[1].ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("[Web,1,127.0.0.1] DELETE / 405", rig.Server.Log[2].ToString());
    }

    private static string ReceiveAnswer(SocketPeer peer, int bodyLength)
    {
        string head = "";
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head += peer.Receive(1);
        return head + peer.Receive(bodyLength);
    }
}
