using System.Net;

namespace TwistedPS.Tests;

public sealed class HttpAnswerTests
{
    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public void A_status_that_has_no_content_gets_no_length_and_no_type_and_leaves_the_connection_usable(int status)
    {
        using HttpRig rig = Answering(response => (response.StatusCode, response.Headers["ETag"]) = (status, "\"x\""));
        using SocketPeer peer = rig.Send("GET /");
        for (int i = 0; i < 2; i++)
        {
            string head = peer.ExpectHead($"HTTP/1.1 {status}", "ETag: \"x\"");
            Assert.DoesNotContain("Content-", head);
            Assert.DoesNotContain("Transfer-", head);
            peer.Send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        }
    }

    [Fact]
    public void Reset_content_says_that_it_is_empty()
    {
        using HttpRig rig = Answering(response => response.StatusCode = 205);
        using SocketPeer peer = rig.Send("GET /", "Connection: close\r\n");
        string reply = peer.ReceiveToEnd();
        Assert.Contains("\r\nContent-Length: 0\r\n", reply);
        Assert.EndsWith("\r\n\r\n", reply);
    }

    [Fact]
    public void A_collection_makes_a_header_of_each_of_its_objects()
    {
        using HttpRig rig = Answering(response =>
        {
            response.Headers["Set-Cookie"] = new object[] { "a=1; Path=/", "b=2" };
            response.Headers["Vary"] = new List<string> { "Origin", "Accept" };
            response.Headers["X-None"] = null;
            response.Headers["X-Empty"] = Array.Empty<object>();
            response.Headers["Last-Modified"] = new DateTime(2024, 2, 29, 12, 0, 0, DateTimeKind.Utc);
        });
        HttpReply reply = rig.Ask(HttpMethod.Get);
        Assert.Equal(["a=1; Path=/", "b=2"], reply.Further.GetValues("Set-Cookie"));
        Assert.Equal(["Origin", "Accept"], reply.Further.Vary);
        Assert.DoesNotContain(reply.Further, header => header.Key is "X-None" or "X-Empty");
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.Zero), reply.Headers.LastModified);
    }

    [Fact]
    public void The_content_type_may_be_set_as_a_header_and_the_last_one_counts()
    {
        using HttpRig rig = Answering(response =>
        {
            response.ContentType = "text/html";
            response.Headers["content-type"] = "text/css";
            Assert.Equal("text/css", response.ContentType);
        });
        Assert.Equal("text/css", rig.Ask(HttpMethod.Get).Headers.ContentType!.ToString());
    }

    [Fact]
    public void Headers_that_follow_from_the_content_can_not_be_falsified()
    {
        using HttpRig rig = Answering(response =>
            (response.Headers["content-length"], response.Headers["Transfer-Encoding"]) = (1000, "chunked"));
        HttpReply reply = rig.Ask(HttpMethod.Get);
        Assert.Equal(("text\n", 5, false), (reply.Text, reply.Headers.ContentLength, reply.Further.TransferEncodingChunked ?? false));
    }

    [Theory]
    [InlineData("GET", "Get")]
    [InlineData("HEAD", "Get")]
    [InlineData("OPTIONS", "Any")]
    [InlineData("PROPFIND", "Any")]
    [InlineData("Any", "Any")]
    public void A_handler_for_any_method_gets_those_without_one_of_their_own(string method, string handler)
    {
        HttpExchange? seen = null;
        using var rig = new HttpRig(new HttpTestHandler(exchange => (seen = exchange).Complete("")) { Methods = ["GET", "Any"] });
        Assert.Equal(HttpStatusCode.OK, rig.Ask(new HttpMethod(method)).Status);
        Assert.Equal((method, handler), (seen!.Request.Method, seen.Call.Name));
    }

    private static HttpRig Answering(Action<HttpResponse> set) => new(new HttpTestHandler(exchange =>
    {
        set(exchange.Response);
        exchange.Complete("text\n");
    }));
}
