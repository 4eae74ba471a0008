using System.Buffers;
using System.Text;

namespace TwistedPS.Tests;

public sealed class LineFramerTests
{
    public static TheoryData<string, string, string[], string> Streams => new()
    {
        { "Auto", "one\ntwo\r\nthree\n", ["one", "two", "three"], "" },
        { "Auto", "\n\r\n\na\n\n", ["", "", "", "a", ""], "" },
        { "Auto", "a\rb\nc\r\r\n\r", ["a\rb", "c\r"], "\r" },
        { "Auto", "äöü\r\n€uro\n😀\r\nrest", ["äöü", "€uro", "😀"], "rest" },
        { "LF", "a\r\nb\n\r\n", ["a\r", "b", "\r"], "" },
        { "CRLF", "a\nb\r\nc\rd\r\n\r\n\n\r", ["a\nb", "c\rd", ""], "\n\r" },
        { "CRLF", "a\r\r\nb", ["a\r"], "b" },
        { "||", "one||two|three||||||x|", ["one", "two|three", "", ""], "x|" },
        { "END", "oneENDtwoENENDENDEEND", ["one", "twoEN", "", "E"], "" },
        { "é", "aéböcé", ["a", "böc"], "" },
        { "\0", "a\0\0b\n\0", ["a", "", "b\n"], "" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    [Trait("Check", "G1")]
    [Trait("Check", "G2")]
    public void A_stream_gives_the_same_lines_however_it_is_cut(
        string delimiter, string stream, string[] lines, string rest)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(stream);
        for (int chunk = 1; chunk <= bytes.Length; chunk++)
        {
            for (int segment = 1; segment <= bytes.Length; segment++)
            {
                var read = Sequences.Read(Framer(delimiter), bytes, chunk, segment);
                Assert.Equal(lines, read.Messages);
                Assert.Equal(rest, Encoding.UTF8.GetString(read.Left));
            }
        }
    }

    [Fact]
    public void Nothing_gives_no_line()
    {
        LineFramer framer = Framer("Auto");
        Assert.False(framer.TryRead(ReadOnlySequence<byte>.Empty, out _, out _));
        Assert.Equal(["a"], Sequences.Read(framer, "a\n"u8.ToArray(), 1).Messages);
    }

    [Fact]
    public void An_unfinished_line_consumes_nothing()
    {
        ReadOnlySequence<byte> buffer = Sequences.Split("abc\r"u8.ToArray(), 2);
        Assert.False(Framer("Auto").TryRead(buffer, out SequencePosition consumed, out _));
        Assert.Equal(4, buffer.Slice(consumed).Length);
    }

    [Fact]
    public void Bytes_that_are_not_valid_become_replacement_characters_and_are_counted()
    {
        byte[] stream = [(byte)'a', 0xFF, (byte)'b', (byte)'\n', 0xC3, (byte)'\n', 0xFE, 0xFE, (byte)'\n', (byte)'c', (byte)'\n'];
        for (int chunk = 1; chunk <= stream.Length; chunk++)
        {
            for (int segment = 1; segment <= stream.Length; segment++)
            {
                LineFramer framer = Framer("Auto");
                Assert.Equal(
                    ["a\uFFFDb", "\uFFFD", "\uFFFD\uFFFD", "c"],
                    Sequences.Read(framer, stream, chunk, segment).Messages);
                Assert.Equal(4, framer.InvalidBytes);
            }
        }
    }

    [Fact]
    public void Valid_text_counts_no_invalid_bytes()
    {
        LineFramer framer = Framer("Auto");
        _ = Sequences.Read(framer, Encoding.UTF8.GetBytes("äöü €😀 \uFFFD\n"), 1, 1);
        Assert.Equal(0, framer.InvalidBytes);
    }

    [Theory]
    [InlineData("Auto", "abc", "abc")]
    [InlineData("Auto", "abc\r", "abc")]
    [InlineData("Auto", "äö", "äö")]
    [InlineData("LF", "abc\r", "abc\r")]
    [InlineData("END", "abcEN", "abcEN")]
    public void What_the_end_cuts_off_is_read_as_text(string delimiter, string rest, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(rest);
        for (int segment = 1; segment <= bytes.Length; segment++)
            Assert.Equal(text, Framer(delimiter).ReadCutOff(Sequences.Split(bytes, segment)));
    }

    [Theory]
    [InlineData("auto", "Auto", "\r\n")]
    [InlineData("lf", "LF", "\n")]
    [InlineData("CrLf", "CRLF", "\r\n")]
    [InlineData("||", "||", "||")]
    public void A_delimiter_has_a_name_or_is_the_text_itself(string given, string name, string text)
    {
        LineDelimiter delimiter = LineDelimiter.Parse(given);
        Assert.Equal(name, delimiter.ToString());
        Assert.Equal(text, delimiter.Text);
    }

    [Fact]
    public void An_empty_delimiter_is_refused() => Assert.Throws<ArgumentException>(() => LineDelimiter.Parse(""));

    private static LineFramer Framer(string delimiter) =>
        new(LineDelimiter.Parse(delimiter), new UTF8Encoding(false), 16384);
}
