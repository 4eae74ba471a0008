using System.Buffers;
using System.Text;

namespace TwistedPS.Tests;

public sealed class NetstringFormatTests
{
    public static TheoryData<string, string[], string> Streams => new()
    {
        { "5:hello,", ["hello"], "" },
        { "0:,", [""], "" },
        { "3:a,b,0:,12:hello\r\nworld,1:\0,", ["a,b", "", "hello\r\nworld", "\0"], "" },
        { "1:a,10:123456789", ["a"], "10:123456789" },
        { "1:a,2:bc", ["a"], "2:bc" },
        { "1:a,7", ["a"], "7" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_gives_the_same_messages_however_it_is_cut(string stream, string[] messages, string left)
    {
        for (int chunk = 1; chunk <= stream.Length; chunk++)
        {
            for (int segment = 1; segment <= stream.Length; segment++)
            {
                var read = Sequences.Read(new NetstringFormat(), Encoding.Latin1.GetBytes(stream), chunk, segment);
                Assert.Equal(messages, read.Messages.Select(Encoding.Latin1.GetString));
                Assert.Equal(left, Encoding.Latin1.GetString(read.Left));
            }
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData(":")]
    [InlineData(",")]
    [InlineData("-1:")]
    [InlineData("+1:a,")]
    [InlineData(" 1:a,")]
    [InlineData("1 :a,")]
    [InlineData("1;a,")]
    [InlineData("01:a,")]
    [InlineData("00:,")]
    [InlineData("1:ab")]
    [InlineData("0:a")]
    [InlineData("1:a\n")]
    public void What_is_no_netstring_is_refused_however_it_is_cut(string stream)
    {
        for (int chunk = 1; chunk <= stream.Length; chunk++)
        {
            for (int segment = 1; segment <= stream.Length; segment++)
            {
                var error = Assert.Throws<InvalidMessageException>(
                    () => Sequences.Read(new NetstringFormat(), Encoding.Latin1.GetBytes(stream), chunk, segment));
                Assert.Equal(CloseReason.InvalidMessage, error.Reason);
            }
        }
    }

    [Fact]
    public void The_longest_message_is_read()
    {
        byte[] stream = [.. "99999:"u8, .. new byte[99999], (byte)','];
        Assert.Equal(99999, Assert.Single(Sequences.Read(new NetstringFormat(), stream, 10_000, 1000).Messages).Length);
    }

    [Theory]
    [InlineData(99999, "100000")]
    [InlineData(10, "11")]
    [InlineData(1 << 30, "99999999999999999999999999")]
    public void A_longer_one_is_refused_as_soon_as_its_length_says_so(int limit, string stream)
    {
        var format = new NetstringFormat { MaxMessageLength = limit };
        var error = Assert.Throws<MessageTooLongException>(() => Sequences.Read(format, Encoding.Latin1.GetBytes(stream), 1, 1));
        Assert.Equal((limit, CloseReason.MessageTooLong), (error.Limit, error.Reason));
    }

    [Theory]
    [InlineData("", "0:,")]
    [InlineData("hello", "5:hello,")]
    [InlineData("0123456789", "10:0123456789,")]
    public void A_message_is_written_with_its_length_and_a_comma(string message, string written)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(1, new NetstringFormat().Write(output, Encoding.Latin1.GetBytes(message)));
        Assert.Equal(written, Encoding.Latin1.GetString(output.WrittenSpan));
    }
}
