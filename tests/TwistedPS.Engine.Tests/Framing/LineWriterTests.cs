using System.Buffers;
using System.Text;

namespace TwistedPS.Tests;

public sealed class LineWriterTests
{
    [Theory]
    [InlineData("Auto", "a\r\n")]
    [InlineData("CRLF", "a\r\n")]
    [InlineData("LF", "a\n")]
    [InlineData("||", "a||")]
    [InlineData("END", "aEND")]
    [InlineData("é", "aé")]
    public void A_line_ends_in_the_delimiter(string delimiter, string written)
    {
        Assert.Equal(written, Written("a", out int lines, delimiter));
        Assert.Equal(1, lines);
    }

    [Theory]
    [InlineData("", "\n", 1)]
    [InlineData("a", "a\n", 1)]
    [InlineData("a\nb", "a\nb\n", 2)]
    [InlineData("a\r\nb\rc", "a\nb\nc\n", 3)]
    [InlineData("a\n", "a\n", 1)]
    [InlineData("a\r\n", "a\n", 1)]
    [InlineData("\n", "\n", 1)]
    [InlineData("a\n\nb", "a\n\nb\n", 3)]
    [InlineData("a\n\r\n", "a\n\n", 2)]
    [InlineData("\na", "\na\n", 2)]
    public void Line_breaks_make_several_lines(string text, string written, int count)
    {
        Assert.Equal(written, Written(text, out int lines, "LF"));
        Assert.Equal(count, lines);
    }

    [Fact]
    public void Text_is_written_in_UTF8_without_a_byte_order_mark()
    {
        var output = new ArrayBufferWriter<byte>();
        Writer("LF").Write(output, "é€😀");
        Assert.Equal(
            new byte[] { 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80, 0x0A }, output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Lines_follow_one_another_in_the_output()
    {
        var output = new PooledBuffer();
        LineWriter writer = Writer("Auto");
        for (int i = 0; i < 5000; i++)
            writer.Write(output, $"line {i}");
        Assert.Equal(
            string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\r\n")), Encoding.UTF8.GetString(output.Span));
        output.Release();
    }

    private static string Written(string text, out int lines, string delimiter)
    {
        var output = new ArrayBufferWriter<byte>();
        lines = Writer(delimiter).Write(output, text);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static LineWriter Writer(string delimiter) => new(LineDelimiter.Parse(delimiter), new UTF8Encoding(false));
}
