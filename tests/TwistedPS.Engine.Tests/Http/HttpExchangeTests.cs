using System.Net;

namespace TwistedPS.Tests;

public sealed class HttpExchangeTests
{
    [Fact]
    public void An_answer_may_come_later_and_from_another_thread_and_only_the_first_counts()
    {
        HttpExchange? late = null;
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
        {
            if (exchange.Request.Path == "/late")
                late = exchange;
            else
                exchange.Complete("at once\n");
        }));
        using SocketPeer peer = rig.Send("GET /late", "Connection: close\r\n");
        rig.Until(() => late is not null);
        Assert.Equal("at once\n", rig.Get());
        Assert.True(late!.Complete("later\n"));
        Assert.False(late.Complete("too late\n"));
        Assert.False(late.Complete(HttpStatusCode.InternalServerError));
        Assert.EndsWith("\r\n\r\nlater\n", peer.ReceiveToEnd());
    }

    [Fact]
    public void A_handler_sees_the_request()
    {
        HttpRequest? seen = null;
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
        {
            seen = exchange.Request;
            exchange.Complete("");
        }));
        using SocketPeer peer = rig.Send(
            "POST /a%20b/%C3%A9?x=1&y=2&Y=3&flag&z=%26+%C3%A9",
            "X-Two: 2\r\nConnection: close\r\nContent-Length: 4\r\n",
            "b\u00e9\n");
        peer.ReceiveToEnd();
        Assert.Equal(("POST", "/a b/\u00e9", "b\u00e9\n", 0), (seen!.Method, seen.Path, seen.Body, seen.Number));
        Assert.Equal(("1", "& \u00e9", ""), (seen.Query["X"], seen.Query["z"], seen.Query["flag"]));
        Assert.Equal(["2", "3"], Assert.IsType<string[]>(seen.Query["y"]));
        Assert.Equal("2", seen.Headers["x-two"]);
        Assert.Equal(IPAddress.Loopback, seen.RemoteEndPoint.Address);
    }

    [Fact]
    public void A_handler_sets_status_kind_and_headers()
    {
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
        {
            exchange.Response.StatusCode = 201;
            exchange.Response.ContentType = "text/html";
            exchange.Response.Headers["Location"] = "/new";
            exchange.Response.Headers["X-Number"] = 1.5;
            exchange.Complete("<p>\u00e9</p>");
            exchange.Response.StatusCode = 500;
        }));
        HttpReply reply = rig.Ask(HttpMethod.Post, "text");
        Assert.Equal((HttpStatusCode.Created, "<p>\u00e9</p>"), (reply.Status, reply.Text));
        Assert.Equal("text/html", reply.Headers.ContentType!.ToString());
        Assert.Equal("/new", reply.Further.Location!.ToString());
        Assert.Equal("1.5", Assert.Single(reply.Further.GetValues("X-Number")));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public void A_status_that_has_no_body_gets_none(int status)
    {
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
        {
            exchange.Response.StatusCode = status;
            exchange.Complete("text\n");
        }));
        using SocketPeer peer = rig.Send("GET /", "Connection: close\r\n");
        string reply = peer.ReceiveToEnd();
        Assert.StartsWith($"HTTP/1.1 {status} ", reply);
        Assert.EndsWith("\r\n\r\n", reply);
    }

    [Fact]
    public void A_header_with_a_line_break_does_not_get_out()
    {
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
        {
            exchange.Response.Headers["X-Name"] = "a\r\nSet-Cookie: b";
            exchange.Complete("text\n");
        }));
        using SocketPeer peer = rig.Send("GET /");
        string reply = peer.ReceiveToEnd();
        Assert.StartsWith("HTTP/1.1 500 ", reply);
        Assert.DoesNotContain("Set-Cookie", reply);
        Assert.Equal("Get", Assert.Single(rig.Server.Errors).Handler);
    }

    [Fact]
    public void A_handler_that_throws_costs_its_request_alone_and_tells_the_peer_nothing()
    {
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
        {
            if (exchange.Request.Path == "/bad")
                throw new FormatException("a secret");
            exchange.Complete("good\n");
        }));
        HttpReply reply = rig.Ask(HttpMethod.Get, path: "/bad");
        Assert.Equal((HttpStatusCode.InternalServerError, "500 Internal Server Error\n"), (reply.Status, reply.Text));
        Assert.Equal("text/plain", reply.Headers.ContentType!.MediaType);
        Assert.Equal("good\n", rig.Get());
        HandlerError error = Assert.Single(rig.Server.Errors);
        Assert.Equal(("Get", "a secret"), (error.Handler, error.Message));
        Assert.Contains(rig.Server.Log, entry => entry is { Level: LogLevel.Error, Message: "Get failed: a secret" });
    }

    [Fact]
    public void A_handler_that_is_interrupted_is_answered_for()
    {
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
        {
            if (exchange.Request.Path == "/hangs")
                throw new ReactorInterruptedException(new OperationCanceledException());
            exchange.Complete("good\n");
        }));
        Assert.Equal(HttpStatusCode.InternalServerError, rig.Ask(HttpMethod.Get, path: "/hangs").Status);
        Assert.Equal("good\n", rig.Get());
        Assert.Equal(1, rig.Running.Interruptions);
    }

    [Theory]
    [InlineData(10, "", HttpStatusCode.OK)]
    [InlineData(11, "", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(10, "chunked", HttpStatusCode.OK)]
    [InlineData(11, "chunked", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(20_000_000, "", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(20_000_000, "chunked", HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_is_bounded_and_whoever_sends_more_gets_to_know(int length, string encoding, HttpStatusCode status)
    {
        using var rig = new HttpRig(
            new HttpTestHandler(exchange => exchange.Complete($"{exchange.Request.Body.Length}")),
            new HttpServerOptions { MaxBodyLength = 10 });
        using var request = new HttpRequestMessage(HttpMethod.Post, rig.Url());
        request.Content = new StringContent(new string('x', length));
        request.Headers.TransferEncodingChunked = encoding == "chunked";
        using HttpResponseMessage reply = await rig.Client.SendAsync(request).Soon();
        Assert.Equal(status, reply.StatusCode);
        if (status == HttpStatusCode.OK)
            Assert.Equal("10", await reply.Content.ReadAsStringAsync().Soon());
        Assert.Equal(status == HttpStatusCode.OK ? (1, 0) : (0, 1), (rig.Server.Requests, rig.Server.Refused));
    }

    [Fact]
    public void A_refused_request_with_a_body_leaves_its_connection_usable()
    {
        using var rig = new HttpRig();
        using SocketPeer peer = rig.Send("PUT /", "Content-Length: 4\r\n", "text");
        peer.Expect("HTTP/1.1 405 Method Not Allowed\r\n");
        rig.Until(() => rig.Server.RequestsUnderWay == 0);
        peer.Send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.EndsWith("\r\n\r\nI am request #1\n", peer.ReceiveToEnd());
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("no-such-charset")]
    public void A_body_in_an_encoding_that_is_not_known_is_read_as_UTF_8(string charset)
    {
        using var rig = new HttpRig(new HttpTestHandler(exchange => exchange.Complete(exchange.Request.Body)));
        using SocketPeer peer = rig.Send(
            "POST /", $"Connection: close\r\nContent-Type: text/plain; charset={charset}\r\nContent-Length: 2\r\n", "\u00e9");
        Assert.EndsWith("\r\n\r\n\u00e9", peer.ReceiveToEnd());
    }

    [Fact]
    public void A_peer_that_does_not_send_its_body_is_given_up()
    {
        var time = new ManualClock();
        using var rig = new HttpRig(time: time);
        using SocketPeer peer = rig.Send("POST /", "Content-Length: 4\r\n", "te");
        rig.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            return peer.Socket.Available > 0;
        });
        Assert.StartsWith("HTTP/1.1 408 Request Timeout\r\n", peer.ReceiveToEnd());
        rig.Until(() => rig.Server.RequestsUnderWay == 0);
        Assert.Equal("I am request #1\n", rig.Get());
    }

    [Fact]
    public void A_peer_that_does_not_take_its_answer_holds_up_nobody_and_is_given_up()
    {
        var time = new ManualClock();
        using var rig = new HttpRig(
            new HttpTestHandler(exchange => exchange.Complete(new string('x', exchange.Request.Path == "/long" ? 20_000_000 : 1))),
            time: time);
        using SocketPeer slow = rig.Send("GET /long");
        rig.Until(() => rig.Server.Requests == 1);
        for (int i = 0; i < 5; i++)
            Assert.Equal("x", rig.Get());
        rig.Until(() => rig.Server.RequestsUnderWay == 1);
        rig.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            return rig.Server.RequestsUnderWay == 0;
        });
    }

    [Fact]
    public void No_more_requests_are_taken_at_once_than_allowed()
    {
        var waiting = new List<HttpExchange>();
        using var rig = new HttpRig(new HttpTestHandler(waiting.Add), new HttpServerOptions { MaxRequests = 2 });
        SocketPeer[] peers = Enumerable.Range(0, 5).Select(_ => rig.Send("GET /", "Connection: close\r\n")).ToArray();
        for (int answered = 0; answered < peers.Length; answered++)
        {
            rig.Until(() => waiting.Count == Math.Min(answered + 2, peers.Length));
            waiting[answered].Complete("ok");
        }

        foreach (SocketPeer peer in peers)
        {
            Assert.EndsWith("\r\n\r\nok", peer.ReceiveToEnd());
            peer.Dispose();
        }
    }
}
