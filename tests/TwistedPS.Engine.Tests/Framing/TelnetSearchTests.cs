using System.Text;

namespace TwistedPS.Tests;

public sealed class TelnetSearchTests
{
    private static readonly Encoding s_bytes = Encoding.Latin1;

    public static TheoryData<string, string[], string> Streams => new()
    {
        { "\xFF\xFB\x18\xFF\xFB\x1Fhi\r\n", ["hi"], "" },
        { "hi\r\0ho\r\0\r\0", ["hi", "ho", ""], "" },
        { "a\0b\nc\r\r\0", ["a\0b", "c\r"], "" },
        { "\xFF\xFD\n\xFF\xFE\0one\ntwo\xFF\xFC\n\n", ["one", "two"], "" },
        { "\xFF\xFA\x1F\0\n\r\n\xFF\xF0size\r\n", ["size"], "" },
        { "a\xFF\xF1" + "b\xFF\xF9\r\n", ["ab"], "" },
        { "a\xFF" + "b\n\xFF\xFF\n", ["a\uFFFDb", "\uFFFD\uFFFD"], "" },
        { "one\n\xFF\xFBx\r", ["one"], "\xFF\xFBx\r" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Commands_are_no_text_and_CR_NUL_ends_a_line_however_the_stream_is_cut(string stream, string[] lines, string rest)
    {
        byte[] bytes = s_bytes.GetBytes(stream);
        for (int chunk = 1; chunk <= bytes.Length; chunk++)
        {
            for (int segment = 1; segment <= bytes.Length; segment++)
            {
                var read = Sequences.Read(new LineFormat().CreateFramer(), bytes, chunk, segment);
                Assert.Equal(lines, read.Messages);
                Assert.Equal(rest, s_bytes.GetString(read.Left));
            }
        }
    }

    [Theory]
    [InlineData("a\xFF\xFB\x18" + "b\r", "ab")]
    [InlineData("a\xFF\xFB", "a")]
    public void What_the_end_cuts_off_has_no_commands(string rest, string text) =>
        Assert.Equal(text, new LineFormat().CreateFramer().ReadCutOff(new(s_bytes.GetBytes(rest))));

    [Theory]
    [InlineData("CRLF", "utf-8", "\uFFFD\uFFFD\u0018\0")]
    [InlineData("Auto", "latin1", "\xFF\xFB\x18\0")]
    public void Other_delimiters_and_encodings_know_no_commands(string delimiter, string encoding, string line)
    {
        var format = new LineFormat { Delimiter = LineDelimiter.Parse(delimiter), Encoding = Encoding.GetEncoding(encoding) };
        Assert.Equal([line], Sequences.Read(format.CreateFramer(), s_bytes.GetBytes("\xFF\xFB\x18\0\r\n"), 3).Messages);
    }

    [Fact]
    public void A_command_without_an_end_is_too_long_a_line()
    {
        byte[] stream = s_bytes.GetBytes("\xFF\xFA" + new string('\n', 100));
        var format = new LineFormat { MaxLineLength = 50 };
        Assert.Throws<MessageTooLongException>(() => Sequences.Read(format.CreateFramer(), stream, 10));
    }
}
