using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace TwistedPS.Tests;

public sealed class LineMessagesTests
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Theory]
    [InlineData("Auto", "a\r\nb\nc\r\n", "a|b|c")]
    [InlineData("LF", "a\r\nb\n", "a\r|b")]
    [InlineData("NUL", "a\nb\0\0", "a\nb|")]
    [InlineData("Auto", "> ", "> ")]
    [InlineData("Auto", "é\r\n> ", "é|> ")]
    public void Each_line_is_a_message_and_so_is_what_has_no_end(string delimiter, string stream, string messages) =>
        Assert.Equal(messages.Split('|'), Cut(new LineFormat { Delimiter = LineDelimiter.Parse(delimiter) }, Encoding.UTF8.GetBytes(stream)));

    [Theory]
    [InlineData("Auto", "a\r\n")]
    [InlineData("NUL", "a\0")]
    public void Each_message_ends_with_the_delimiter(string delimiter, string expected)
    {
        var stream = new PooledBuffer();
        var messages = new LineMessages(new LineFormat { Delimiter = LineDelimiter.Parse(delimiter) });
        messages.Receive([], isLast: false, stream);
        messages.Receive("a"u8, isLast: false, stream);
        messages.Receive([], isLast: true, stream);
        Assert.Equal(expected, Encoding.UTF8.GetString(stream.Span));
    }

    [Fact]
    public void Text_is_UTF_8_whatever_the_encoding_of_lines()
    {
        var format = new LineFormat { Encoding = Encoding.Unicode };
        Assert.Equal(["aé", "\u010A"], Cut(format, Encoding.Unicode.GetBytes("aé\r\n\u010A\r\n")));
        var stream = new PooledBuffer();
        var messages = new LineMessages(format);
        foreach (byte part in Encoding.UTF8.GetBytes("é€"))
            messages.Receive([part], isLast: false, stream);
        messages.Receive([], isLast: true, stream);
        Assert.Equal("é€\r\n", Encoding.Unicode.GetString(stream.Span));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_sent_as_such_that_are()
    {
        Assert.Equal(["a\uFFFDb", "c"], Cut(new LineFormat(), [(byte)'a', 0xFF, (byte)'b', (byte)'\n', (byte)'c', (byte)'\n']));
        Assert.True(new LineMessages(new LineFormat()).Accepts(WebSocketMessageType.Text));
        Assert.False(new LineMessages(new LineFormat()).Accepts(WebSocketMessageType.Binary));
    }

    private static List<string> Cut(LineFormat format, byte[] bytes)
    {
        var messages = new LineMessages(format);
        var stream = new PooledBuffer();
        stream.Write(bytes);
        List<string> cut = [];
        while (stream.Length > 0)
        {
            var message = new PooledBuffer();
            stream.Consume(messages.Cut(stream.Span, message));
            cut.Add(s_strict.GetString(message.Span));
        }

        return cut;
    }
}
