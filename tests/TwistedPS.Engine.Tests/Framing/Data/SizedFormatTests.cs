using System.Buffers;
using System.Text;

namespace TwistedPS.Tests;

public sealed class SizedFormatTests
{
    public static TheoryData<string, string, string[], string> Streams => new()
    {
        { "Decimal", "3 a b0 11 hello world2 x", ["a b", "", "hello world"], "2 x" },
        { "Decimal", "1 a1", ["a"], "1" },
        { "Varint", "\u0003a\0b\0\u0001c\u0002d", ["a\0b", "", "c"], "\u0002d" },
        { "Varint", "\u0081\0a\u0080\u0080\0\u0080", ["a", ""], "\u0080" },
        { "Fixed:3", "abcdefgh", ["abc", "def"], "gh" },
        { "Length16LE", "\u0003\0a\0b\0\0\u0001\0c\u0002", ["a\0b", "", "c"], "\u0002" },
        { "Length64", "\0\0\0\0\0\0\0\u0001a\0", ["a"], "\0" },
        { @"Until:\0", "a\0\0b\n\0c", ["a", "", "b\n"], "c" },
        { "Until:aab", "xaabaaabaabaa", ["x", "a", ""], "aa" },
        { @"Until:\xFF\xFE", "a\u00FF\u00FE\u00FF\u00FF\u00FE\u00FF", ["a", "\u00FF"], "\u00FF" },
        { "Json", "{}\n\r\n[1]\r\n\n2", ["{}", "\r", "[1]\r", ""], "2" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_gives_the_same_messages_however_it_is_cut(string framing, string stream, string[] messages, string left)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(stream);
        for (int chunk = 1; chunk <= bytes.Length; chunk++)
        {
            for (int segment = 1; segment <= bytes.Length; segment++)
            {
                var read = Sequences.Read(DataFraming.Parse(framing).Format.CreateFramer(), bytes, chunk, segment);
                Assert.Equal(messages, read.Messages.Select(Encoding.Latin1.GetString));
                Assert.Equal(left, Encoding.Latin1.GetString(read.Left));
            }
        }
    }

    [Theory]
    [InlineData("Decimal", "hello", "5 hello")]
    [InlineData("Decimal", "", "0 ")]
    [InlineData("Varint", "hello", "\u0005hello")]
    [InlineData("Varint", "", "\0")]
    [InlineData("Fixed:5", "hello", "hello")]
    [InlineData("Length16LE", "hello", "\u0005\0hello")]
    [InlineData("Length64LE", "a", "\u0001\0\0\0\0\0\0\0a")]
    [InlineData(@"Until:\r\n", "a\nb\r", "a\nb\r\r\n")]
    [InlineData("Until:aab", "aaba", null)]
    [InlineData("Until:aab", "a", "aaab")]
    [InlineData("Until:aba", "ab", null)]
    [InlineData("Until:aab", "b", "baab")]
    [InlineData(@"Until:\0", "a\0", null)]
    [InlineData("Json", "a\nb", null)]
    [InlineData("Fixed:5", "hell", null)]
    [InlineData("Fixed:5", "hello!", null)]
    public void A_message_is_written_so_that_it_is_read_again_or_not_at_all(string framing, string message, string? written)
    {
        DataFormat format = DataFraming.Parse(framing).Format;
        var output = new ArrayBufferWriter<byte>();
        byte[] bytes = Encoding.Latin1.GetBytes(message);
        Assert.Equal(written is null, format.Refuse(bytes) is not null);
        if (written is null)
        {
            Assert.ThrowsAny<InvalidMessageException>(() => format.Write(output, bytes));
            Assert.Equal(0, output.WrittenCount);
            return;
        }

        Assert.Equal(1, format.Write(output, bytes));
        Assert.Equal(written, Encoding.Latin1.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData(127, new byte[] { 0x7F })]
    [InlineData(128, new byte[] { 0x80, 1 })]
    [InlineData(300, new byte[] { 0xAC, 2 })]
    [InlineData(99999, new byte[] { 0x9F, 0x8D, 6 })]
    public void A_varint_is_that_of_protobuf(int size, byte[] prefix)
    {
        var output = new ArrayBufferWriter<byte>();
        new VarintFormat().Write(output, new byte[size]);
        Assert.Equal(prefix, output.WrittenSpan[..prefix.Length].ToArray());
        Assert.Equal(size, Sequences.Read(new VarintFormat(), output.WrittenSpan.ToArray(), 1000).Messages.Single().Length);
    }

    [Theory]
    [InlineData("Decimal", "<34>1 no count", CloseReason.InvalidMessage)]
    [InlineData("Decimal", "05 hello", CloseReason.InvalidMessage)]
    [InlineData("Decimal", " ", CloseReason.InvalidMessage)]
    [InlineData("Decimal", "-1 a", CloseReason.InvalidMessage)]
    [InlineData("Decimal", "100000", CloseReason.MessageTooLong)]
    [InlineData("Varint", "\u00A0\u008D\u0006", CloseReason.MessageTooLong)]
    [InlineData("Varint", "\u00A0\u008D\u0086", CloseReason.MessageTooLong)]
    [InlineData("Varint", "\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0001", CloseReason.MessageTooLong)]
    [InlineData("Varint", "\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0002", CloseReason.MessageTooLong)]
    [InlineData("Varint", "\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0080", CloseReason.InvalidMessage)]
    [InlineData("Length64", "\u0080\0\0\0\0\0\0\0", CloseReason.MessageTooLong)]
    [InlineData("Length32LE", "\u00FF\u00FF\u00FF\u00FF", CloseReason.MessageTooLong)]
    public void What_can_not_be_a_message_is_refused_however_it_is_cut(string framing, string stream, CloseReason reason)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(stream);
        for (int chunk = 1; chunk <= bytes.Length; chunk++)
        {
            var error = Assert.ThrowsAny<InvalidMessageException>(
                () => Sequences.Read(DataFraming.Parse(framing).Format.CreateFramer(), bytes, chunk, chunk));
            Assert.Equal(reason, error.Reason);
        }
    }

    [Fact]
    public void What_ends_a_message_is_awaited_only_as_long_as_one_may_be()
    {
        DataFormat format = DataFraming.Parse("Until:CRLF").Format with { MaxMessageLength = 3 };
        Assert.Equal(["abc"u8.ToArray()], Sequences.Read(format.CreateFramer(), "abc\r\n"u8.ToArray(), 1).Messages);
        Assert.Throws<MessageTooLongException>(() => Sequences.Read(format.CreateFramer(), "abcd"u8.ToArray(), 1));
        Assert.Throws<MessageTooLongException>(() => Sequences.Read(format.CreateFramer(), "abc\r\r"u8.ToArray(), 1));
        Assert.Throws<MessageTooLongException>(() => Sequences.Read(format.CreateFramer(), "abcd\r\n"u8.ToArray(), 100));
    }

    [Fact]
    public void A_framer_that_is_reset_begins_anew()
    {
        IFramer<byte[]> framer = DataFraming.Parse("Until:CRLF").Format.CreateFramer();
        Assert.Empty(Sequences.Read(framer, "abcdef"u8.ToArray(), 1).Messages);
        framer.Reset();
        Assert.Equal(["a"u8.ToArray()], Sequences.Read(framer, "a\r\n"u8.ToArray(), 100).Messages);
    }
}
