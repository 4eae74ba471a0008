using System.Buffers;
using System.Text;

namespace TwistedPS.Tests;

public sealed class LineEncodingTests
{
    public static TheoryData<string> Encodings => ["utf-8", "us-ascii", "utf-16", "utf-16BE", "utf-32", "utf-32BE"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_byte_order_mark_is_no_part_of_the_first_line_only(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        string mark = name == "us-ascii" ? "" : "\uFEFF";
        byte[] stream = encoding.GetBytes($"{mark}one\r\n{mark}two\nthree\n");
        for (int chunk = 1; chunk <= stream.Length; chunk++)
        {
            LineFramer framer = Framer("Auto", encoding);
            Assert.Equal(["one", $"{mark}two", "three"], Sequences.Read(framer, stream, chunk).Messages);
        }
    }

    [Fact]
    public void A_byte_order_mark_does_not_count_as_length()
    {
        var framer = new LineFramer(LineDelimiter.Auto, Encoding.UTF8, 3);
        Assert.Equal(["abc"], Sequences.Read(framer, "\uFEFFabc\n"u8.ToArray(), 1).Messages);
    }

    [Fact]
    public void A_cut_off_first_line_has_no_byte_order_mark() =>
        Assert.Equal("abc", Framer("Auto", Encoding.UTF8).ReadCutOff(new("\uFEFFabc"u8.ToArray())));

    [Theory]
    [InlineData("Auto", "a\u0A00\u000D\u0D0Ab\r\n\n", new[] { "a\u0A00\u000D\u0D0Ab", "" })]
    [InlineData("LF", "\u0A0A\n\u0A00\u0A0A\n", new[] { "\u0A0A", "\u0A00\u0A0A" })]
    [InlineData("||", "\u7C7C|\u007C\u7C00||", new[] { "\u7C7C", "\u7C00" })]
    public void A_delimiter_begins_where_a_character_does(string delimiter, string stream, string[] lines)
    {
        foreach (Encoding encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            byte[] bytes = encoding.GetBytes(stream);
            for (int chunk = 1; chunk <= bytes.Length; chunk++)
                Assert.Equal(lines, Sequences.Read(Framer(delimiter, encoding), bytes, chunk).Messages);
        }
    }

    [Theory]
    [InlineData(@"\r", "\r")]
    [InlineData(@"\r\n", "\r\n")]
    [InlineData(@"\0", "\0")]
    [InlineData("`r`n", "\r\n")]
    [InlineData("`0", "\0")]
    [InlineData(@"\x1E", "\u001E")]
    [InlineData(@"\u001e\t", "\u001E\t")]
    [InlineData(@"\\r", @"\r")]
    [InlineData(@"\", @"\")]
    [InlineData(@"\q|", @"\q|")]
    [InlineData(@"\x1", @"\x1")]
    [InlineData("CR", "\r")]
    [InlineData("nul", "\0")]
    [InlineData("Null", "\0")]
    public void A_delimiter_may_be_written_as_a_name_or_with_escapes(string given, string text) =>
        Assert.Equal(text, LineDelimiter.Parse(given).Text);

    [Theory]
    [InlineData("\0", "a\r\nb\n")]
    [InlineData("\r", "a\nb")]
    [InlineData("END", "a\rb\r\n\nEN D")]
    [InlineData("|", "")]
    public void Line_breaks_stay_where_they_do_not_end_lines(string delimiter, string text)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Null(Writer(delimiter).Refuse(text));
        Assert.Equal(1, Writer(delimiter).Write(output, text));
        Assert.Equal(text + delimiter, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("\0", "a\0b")]
    [InlineData("\r", "a\r\nb")]
    [InlineData("||", "a||")]
    [InlineData("||", "a|")]
    [InlineData("ABAB", "xAB")]
    public void Text_that_would_end_too_early_is_refused_and_nothing_of_it_written(string delimiter, string text)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(CloseReason.InvalidMessage, Writer(delimiter).Refuse(text)?.Reason);
        Assert.Throws<InvalidMessageException>(() => Writer(delimiter).Write(output, text));
        Assert.Equal(0, output.WrittenCount);
    }

    [Theory]
    [InlineData("Auto")]
    [InlineData("LF")]
    [InlineData("CRLF")]
    public void What_splits_text_refuses_none(string delimiter) => Assert.Null(Writer(delimiter).Refuse("a\r\nb\nc"));

    private static LineFramer Framer(string delimiter, Encoding encoding) => new(LineDelimiter.Parse(delimiter), encoding, 16384);

    private static LineWriter Writer(string delimiter) => new(LineDelimiter.Parse(delimiter), new UTF8Encoding(false));
}
