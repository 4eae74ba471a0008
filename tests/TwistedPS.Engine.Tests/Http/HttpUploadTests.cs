namespace TwistedPS.Tests;

public sealed class HttpUploadTests
{
    [Fact]
    public void Peers_that_withhold_their_bodies_hold_up_nobody_and_are_given_up_after_the_grace()
    {
        var time = new ManualClock();
        using var rig = new HttpRig(options: new HttpServerOptions { MaxRequests = 2 }, time: time);
        SocketPeer[] peers = [.. Enumerable.Range(0, 120).Select(_ => rig.Send("POST /", "Content-Length: 10\r\n", "12345"))];
        rig.Until(() => rig.Server.RequestsUnderWay == peers.Length);
        Assert.Equal("I am request #1\n", rig.Get());
        using SocketPeer honest = rig.Send("POST /", "Content-Length: 2\r\nConnection: close\r\n", "ok");
        Assert.EndsWith("I am request #2\n", honest.ReceiveToEnd());

        // Timers of other kinds wait, too, and a body has its time from when it is read.
        do
        {
            rig.Until(() => time.WaitingTimers > 0 || rig.Server.RequestsUnderWay == 0);
            time.Advance(TimeSpan.FromSeconds(5.1));
        }
        while (rig.Server.RequestsUnderWay > 0);
        foreach (SocketPeer peer in peers)
        {
            Assert.StartsWith("HTTP/1.1 408 Request Timeout\r\n", peer.ReceiveToEnd());
            peer.Dispose();
        }
    }

    [Fact]
    public void No_more_requests_are_in_progress_than_allowed()
    {
        var time = new ManualClock();
        using var rig = new HttpRig(options: new HttpServerOptions { MaxTransfers = 2 }, time: time);
        SocketPeer[] peers = [.. Enumerable.Range(0, 2).Select(_ => rig.Send("POST /", "Content-Length: 10\r\n"))];
        rig.Until(() => rig.Server.RequestsUnderWay == 2 && time.WaitingTimers >= 2);
        using SocketPeer other = rig.Send("GET /", "Connection: close\r\n");
        rig.Until(() => true);
        Assert.Equal((2, 0), (rig.Server.RequestsUnderWay, rig.Server.Requests));
        time.Advance(TimeSpan.FromSeconds(5.1));
        Assert.EndsWith("I am request #1\n", other.ReceiveToEnd());
        Array.ForEach(peers, peer => peer.Dispose());
    }

    [Fact]
    public void A_body_has_a_second_more_for_each_240_bytes_that_have_come()
    {
        var time = new NotingClock();
        using var rig = new HttpRig(time: time);
        using SocketPeer peer = rig.Send("POST /", "Content-Length: 3000\r\n");
        rig.Until(() => time.WasAskedFor(5));
        peer.Send(new string('x', 2400));
        rig.Until(() => time.WasAskedFor(15));
        time.AdvanceTo(14.9);
        Assert.Equal(1, rig.Server.RequestsUnderWay);
        time.AdvanceTo(15);
        Assert.StartsWith("HTTP/1.1 408 ", peer.ReceiveToEnd());
    }

    [Fact]
    public void A_slow_body_that_keeps_its_rate_is_handled()
    {
        var time = new NotingClock();
        using var rig = new HttpRig(time: time);
        using SocketPeer peer = rig.Send("POST /", "Content-Length: 24000\r\nConnection: close\r\n");
        for (int second = 5; second < 105; second += 10)
        {
            rig.Until(() => time.WasAskedFor(second));
            time.AdvanceTo(second - 0.1);
            peer.Send(new string('x', 2400));
        }

        Assert.EndsWith("I am request #1\n", peer.ReceiveToEnd());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("1.0")]
    public void A_length_together_with_chunks_is_refused_and_nothing_after_it_is_taken_for_a_request(string version)
    {
        using var rig = new HttpRig();
        using SocketPeer peer = rig.Connect();
        peer.Send($"POST / HTTP/{version}\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        peer.Send("GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", peer.ReceiveToReset());
        rig.Until(() => rig.Server.RequestsUnderWay == 0);
        Assert.Equal((0, 1), (rig.Server.Requests, rig.Server.Refused));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text()
    {
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
            exchange.Complete($"{exchange.Request.Body}, {exchange.Request.BodyBytes.Length} bytes")));
        Assert.Equal("text, 7 bytes", rig.Ask(HttpMethod.Post, "\ufefftext").Text);
    }
}
