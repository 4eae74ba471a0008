using System.Buffers;
using System.Text;

namespace TwistedPS.Tests;

public sealed class LineFramerLengthTests
{
    private const int Longest = 16384;

    public static TheoryData<string, string> Delimiters => new()
    {
        { "Auto", "\n" },
        { "Auto", "\r\n" },
        { "LF", "\n" },
        { "CRLF", "\r\n" },
        { "||", "||" },
        { "END", "END" },
    };

    [Theory]
    [MemberData(nameof(Delimiters))]
    [Trait("Check", "G3")]
    [Trait("Check", "G4")]
    public void The_longest_line_is_accepted_wherever_it_is_cut(string delimiter, string end)
    {
        byte[] stream = Stream(Longest, end);
        foreach (int segment in new[] { 1000, int.MaxValue })
        {
            for (int cut = Longest - 1; cut <= stream.Length; cut++)
            {
                LineFramer framer = Framer(delimiter);
                ReadOnlySequence<byte> whole = Sequences.Split(stream, segment);
                Assert.False(cut < stream.Length && framer.TryRead(whole.Slice(0, cut), out _, out _));
                Assert.True(framer.TryRead(whole, out SequencePosition consumed, out string line));
                Assert.Equal(Longest, line.Length);
                Assert.True(whole.Slice(consumed).IsEmpty);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Delimiters))]
    [Trait("Check", "G3")]
    public void A_byte_more_is_too_long_with_its_delimiter(string delimiter, string end)
    {
        ReadOnlySequence<byte> stream = Sequences.Split(Stream(Longest + 1, end), 1000);
        var error = Assert.Throws<MessageTooLongException>(() => Framer(delimiter).TryRead(stream, out _, out _));
        Assert.Equal(Longest, error.Limit);
    }

    [Theory]
    [MemberData(nameof(Delimiters))]
    [Trait("Check", "G3")]
    public void A_byte_more_is_too_long_without_its_delimiter(string delimiter, string end)
    {
        Assert.NotEmpty(end);
        ReadOnlySequence<byte> stream = Sequences.Split(Stream(Longest + 1, ""), 1000);
        Assert.Throws<MessageTooLongException>(() => Framer(delimiter).TryRead(stream, out _, out _));
    }

    [Theory]
    [InlineData("Auto", "\r")]
    [InlineData("CRLF", "\r")]
    [InlineData("||", "|")]
    [InlineData("END", "EN")]
    public void What_looked_like_a_delimiter_counts_once_it_is_none(string delimiter, string begun)
    {
        LineFramer framer = Framer(delimiter);
        byte[] stream = Stream(Longest, begun + "x");
        Assert.False(framer.TryRead(Sequences.Split(stream.AsMemory(..^1), 1000), out _, out _));
        Assert.Throws<MessageTooLongException>(
            () => framer.TryRead(Sequences.Split(stream, 1000), out _, out _));
    }

    [Fact]
    public void Lines_before_one_that_is_too_long_come_first()
    {
        LineFramer framer = Framer("Auto");
        var buffer = new ReadOnlySequence<byte>([.. "one\ntwo\n"u8, .. Stream(Longest + 1, "\n")]);
        Assert.True(framer.TryRead(buffer, out SequencePosition consumed, out string first));
        buffer = buffer.Slice(consumed);
        Assert.True(framer.TryRead(buffer, out consumed, out string second));
        buffer = buffer.Slice(consumed);
        Assert.Throws<MessageTooLongException>(() => framer.TryRead(buffer, out _, out _));
        Assert.Equal(["one", "two"], [first, second]);
    }

    [Fact]
    public void The_length_is_of_bytes_not_of_characters()
    {
        var framer = new LineFramer(LineDelimiter.Auto, new UTF8Encoding(false), 4);
        Assert.True(framer.TryRead(new("éé\n"u8.ToArray()), out _, out string line));
        Assert.Equal("éé", line);
        Assert.Throws<MessageTooLongException>(() => framer.TryRead(new("ééa\n"u8.ToArray()), out _, out _));
    }

    private static byte[] Stream(int length, string end) => Encoding.UTF8.GetBytes(new string('a', length) + end);

    private static LineFramer Framer(string delimiter) =>
        new(LineDelimiter.Parse(delimiter), new UTF8Encoding(false), Longest);
}
