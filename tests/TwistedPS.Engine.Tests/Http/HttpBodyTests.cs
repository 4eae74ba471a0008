using System.Net;

namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public sealed class HttpBodyTests
{
    private static readonly byte[] s_all = [.. Enumerable.Range(0, 256).Select(value => (byte)value), .. "\r\n\0\r\n"u8];

    [Fact]
    public async Task Bytes_go_both_ways_unchanged()
    {
        using HttpRig rig = Answering(exchange => new MemoryStream(exchange.Request.BodyBytes));
        using var sent = new ByteArrayContent(s_all);
        using HttpResponseMessage reply = await rig.Client.PostAsync(rig.Url(), sent).Soon();
        Assert.Equal(s_all, await reply.Content.ReadAsByteArrayAsync());
        Assert.Equal(("application/octet-stream", s_all.Length), (reply.Content.Headers.ContentType!.ToString(), reply.Content.Headers.ContentLength));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_is_sent_off_the_reactor_s_thread_and_disposed(bool hasLength)
    {
        byte[][] parts = [.. Enumerable.Range(1, 50).Select(number => new byte[number * 1000])];
        var stream = new TestStream(parts) { ClaimedLength = hasLength ? parts.Sum(part => part.Length) : null };
        using HttpRig rig = Answering(_ => stream);
        using HttpResponseMessage reply = await rig.Client.GetAsync(rig.Url(), HttpCompletionOption.ResponseHeadersRead).Soon();
        Assert.Equal((stream.ClaimedLength, !hasLength), (reply.Content.Headers.ContentLength, reply.Headers.TransferEncodingChunked ?? false));
        Assert.Equal(parts.SelectMany(part => part), await reply.Content.ReadAsByteArrayAsync().Soon());
        rig.Until(() => rig.Server.RequestsUnderWay == 0);
        Assert.True(stream.IsDisposed);
        Assert.NotSame(rig.Running.Invoke(() => Thread.CurrentThread), stream.Reader);
    }

    [Theory]
    [InlineData(5, "56789")]
    [InlineData(10, "0123456789")]
    public void A_stream_is_sent_from_its_position_and_whole_if_it_is_at_its_end(int position, string sent)
    {
        using HttpRig rig = Answering(_ => new MemoryStream("0123456789"u8.ToArray()) { Position = position });
        Assert.Equal(sent, rig.Get());
    }

    [Fact]
    public void Chunks_leave_the_connection_usable_and_are_none_to_HTTP_1_0()
    {
        using HttpRig rig = Answering(_ => new TestStream([s_all[65..67], s_all[67..68]]));
        using SocketPeer peer = rig.Send("GET /");
        for (int i = 0; i < 2; i++)
        {
            peer.ExpectHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            peer.Expect("00000002\r\nAB\r\n00000001\r\nC\r\n0\r\n\r\n");
            peer.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }

        using SocketPeer old = rig.Connect();
        old.Send("GET / HTTP/1.0\r\n\r\n");
        string reply = old.ReceiveToEnd();
        Assert.EndsWith("\r\n\r\nABC", reply);
        Assert.DoesNotContain("chunked", reply);
    }

    [Fact]
    public void A_long_file_is_not_kept_in_memory()
    {
        const int Length = 100_000_000;
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream file = File.OpenWrite(path))
                file.SetLength(Length);
            using HttpRig rig = Answering(_ => HttpBody.Of(new FileInfo(path)));
            using SocketPeer peer = rig.Send("GET /", "Connection: close\r\n");
            peer.ExpectHead("HTTP/1.1 200 OK", $"Content-Length: {Length}");
            long before = GC.GetTotalAllocatedBytes();
            Assert.Equal(Length, peer.CountToEnd());
            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, Length / 4);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3L)]
    public async Task A_stream_that_fails_at_once_is_an_error_of_the_handler_and_500(long? length)
    {
        var stream = new TestStream([], new FormatException("a secret")) { ClaimedLength = length };
        using HttpRig rig = Answering(_ => stream);
        using HttpResponseMessage reply = await rig.Client.GetAsync(rig.Url()).Soon();
        Assert.Equal((HttpStatusCode.InternalServerError, ""), (reply.StatusCode, await reply.Content.ReadAsStringAsync()));
        HandlerError error = Assert.Single(rig.Server.Errors);
        Assert.Equal(("Get", "a secret"), (error.Handler, error.Message));
        rig.Until(() => stream.IsDisposed);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(8L, true)]
    [InlineData(8L, false)]
    public async Task A_part_of_a_stream_that_fails_or_ends_too_early_is_not_taken_for_the_whole(long? length, bool fails)
    {
        var stream = new TestStream([new byte[4]], fails ? new FormatException("broken") : null) { ClaimedLength = length };
        using HttpRig rig = Answering(_ => stream);
        HttpRequestException error = await Assert.ThrowsAsync<HttpRequestException>(() => rig.Client.GetByteArrayAsync(rig.Url()).Soon());
        Assert.Equal(HttpRequestError.ResponseEnded, Assert.IsType<HttpIOException>(error.InnerException).HttpRequestError);
        rig.Until(() => stream.IsDisposed && rig.Server.ErrorCount == 1);
    }

    [Theory]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 200)]
    public void A_stream_that_nobody_is_to_get_is_disposed_unread(string method, int status)
    {
        var stream = new TestStream([new byte[4]]);
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
        {
            exchange.Response.StatusCode = status;
            if (method == "GET" && status == 200)
                exchange.Complete("first");
            exchange.Complete(new HttpBody(null, stream));
        }));
        using SocketPeer peer = rig.Send($"{method} /", "Connection: close\r\n");
        peer.ReceiveToEnd();
        Assert.Equal((true, 0), (stream.IsDisposed, stream.Reads));
    }

    [Fact]
    public void A_stream_whose_answer_comes_after_the_stop_is_disposed()
    {
        HttpExchange? late = null;
        var stream = new TestStream([new byte[4]]);
        using var rig = new HttpRig(new HttpTestHandler(exchange => late = exchange));
        using SocketPeer peer = rig.Send("GET /");
        rig.Until(() => late is not null);
        rig.Stop(TimeSpan.Zero);
        Assert.StartsWith("HTTP/1.1 503 ", peer.ReceiveToEnd());
        Assert.False(late!.Complete(new HttpBody(null, stream)));
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public void An_endless_stream_ends_with_a_peer_that_does_not_read_it()
    {
        var time = new ManualClock();
        var stream = new TestStream(Enumerable.Repeat(new byte[60_000], int.MaxValue));
        using var rig = new HttpRig(new HttpTestHandler(exchange => exchange.Complete(new HttpBody(null, stream))), time: time);
        using SocketPeer peer = rig.Send("GET /");
        rig.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            return stream.IsDisposed;
        });
    }

    private static HttpRig Answering(Func<HttpExchange, Stream> content) => Answering(exchange => new HttpBody(null, content(exchange)));

    private static HttpRig Answering(Func<HttpExchange, HttpBody> content) => new(new HttpTestHandler(exchange => exchange.Complete(content(exchange))));
}
