using System.Buffers;

namespace TwistedPS.Tests;

public sealed class LengthFormatTests
{
    public static TheoryData<int, byte[]> Prefixes => new()
    {
        { 1, [3] },
        { 2, [0, 3] },
        { 4, [0, 0, 0, 3] },
    };

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void A_stream_gives_the_same_messages_however_it_is_cut(int length, byte[] prefix)
    {
        byte[] zero = new byte[length];
        byte[] stream = [.. prefix, 0xFF, 0, 0xFE, .. zero, .. prefix, .. "abc"u8, .. prefix, .. "de"u8];
        for (int chunk = 1; chunk <= stream.Length; chunk++)
        {
            for (int segment = 1; segment <= stream.Length; segment++)
            {
                var read = Sequences.Read(new LengthFormat(length), stream, chunk, segment);
                Assert.Equal([[0xFF, 0, 0xFE], [], "abc"u8.ToArray()], read.Messages);
                Assert.Equal([.. prefix, .. "de"u8], read.Left);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void A_message_is_written_after_its_length(int length, byte[] prefix)
    {
        Assert.Equal([.. prefix, .. "abc"u8], Write(new LengthFormat(length), "abc"u8.ToArray()));
        Assert.Equal(new byte[length], Write(new LengthFormat(length), []));
    }

    [Theory]
    [InlineData(1, 255, new byte[] { 0xFF })]
    [InlineData(2, 65535, new byte[] { 0xFF, 0xFF })]
    [InlineData(4, 70000, new byte[] { 0, 1, 0x11, 0x70 })]
    public void The_high_byte_comes_first(int length, int size, byte[] prefix)
    {
        byte[] written = Write(new LengthFormat(length), new byte[size]);
        Assert.Equal(prefix, written[..length]);
        Assert.Equal(new byte[size], Sequences.Read(new LengthFormat(length), written, 1000, 1000).Messages.Single());
    }

    [Theory]
    [InlineData(1, 256, 255)]
    [InlineData(2, 65536, 65535)]
    public void What_its_length_can_not_say_is_not_sent(int length, int size, int limit)
    {
        var error = Assert.Throws<MessageTooLongException>(() => Write(new LengthFormat(length), new byte[size]));
        Assert.Equal(limit, error.Limit);
        Assert.IsType<MessageTooLongException>(new LengthFormat(length).Refuse(new byte[size]));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 10)]
    [InlineData(4, 99999)]
    public void The_longest_message_is_read(int length, int limit)
    {
        byte[] stream = Write(new LengthFormat(length), new byte[limit]);
        var format = new LengthFormat(length) { MaxMessageLength = limit };
        Assert.Equal(limit, Assert.Single(Sequences.Read(format, stream, 1000, 1000).Messages).Length);
    }

    [Theory]
    [InlineData(1, 10, new byte[] { 11 })]
    [InlineData(2, 255, new byte[] { 1, 0 })]
    [InlineData(4, 99999, new byte[] { 0, 1, 0x86, 0xA0 })]
    [InlineData(4, 1 << 30, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    public void A_message_over_the_limit_is_refused_when_its_length_has_come(int length, int limit, byte[] stream)
    {
        var format = new LengthFormat(length) { MaxMessageLength = limit };
        var error = Assert.Throws<MessageTooLongException>(() => Sequences.Read(format, stream, 1, 1));
        Assert.Equal((limit, CloseReason.MessageTooLong), (error.Limit, error.Reason));
        Assert.Empty(Sequences.Read(format, stream[..^1], 1, 1).Messages);
    }

    private static byte[] Write(LengthFormat format, byte[] message)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(1, format.Write(output, message));
        return output.WrittenSpan.ToArray();
    }
}
