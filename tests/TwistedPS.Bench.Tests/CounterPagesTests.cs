using System.Text;

namespace TwistedPS.Bench.Tests;

public sealed class CounterPagesTests
{
    private readonly CounterPages _pages = new();

    [Fact]
    public void A_page_is_read_once_it_is_complete()
    {
        byte[] page = Page(7);
        for (int length = 0; length < page.Length; length++)
            Assert.False(_pages.TryRead(page.AsSpan(0, length), out _));
        Assert.True(_pages.TryRead(page, out bool isLast));
        Assert.False(isLast);
    }

    [Fact]
    public void A_server_may_close_the_connection_after_a_page()
    {
        Assert.True(_pages.TryRead(Page(7, "Connection: close\r\n"), out bool isLast));
        Assert.True(isLast);
    }

    [Fact]
    public void The_number_of_another_page_is_an_error()
    {
        Assert.True(_pages.TryRead(Page(7), out _));
        Assert.True(_pages.TryRead(Page(8), out _));
        Assert.Throws<WrongReplyException>(() => _pages.TryRead(Page(7), out _));
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nI am request #1\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nI am request #1\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nI am request #1")]
    public void Anything_else_is_an_error(string response) =>
        Assert.Throws<WrongReplyException>(() => _pages.TryRead(Encoding.ASCII.GetBytes(response), out _));

    private static byte[] Page(int number, string header = "")
    {
        string body = $"I am request #{number}\n";
        return Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n{header}\r\n{body}");
    }
}
