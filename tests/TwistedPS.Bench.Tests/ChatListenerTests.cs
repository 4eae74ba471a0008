using System.Text;

namespace TwistedPS.Bench.Tests;

public sealed class ChatListenerTests
{
    private readonly ChatLines _lines = new(2, 3, 2);
    private readonly List<(int Talker, int Number)> _heard = [];
    private readonly ChatListener _listener;

    public ChatListenerTests()
    {
        _listener = new ChatListener(_lines);
        foreach (int talker in new[] { 0, 0, 0, 1, 1 })
            _lines.Say(talker);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(1000)]
    public void The_lines_of_several_talkers_may_come_in_any_order_and_in_any_pieces(int size)
    {
        foreach (byte[] piece in Bytes((1, 0), (0, 0), (0, 1), (1, 1), (0, 2)).Chunk(size))
            Check(piece);
        Assert.Equal([(1, 0), (0, 0), (0, 1), (1, 1), (0, 2)], _heard);
    }

    [Fact]
    public void What_is_said_is_what_the_example_tells_everybody()
    {
        var lines = new ChatLines(2, 2, 1);
        Assert.Equal("/join #00000000\r\n", Encoding.ASCII.GetString(lines.Say(1)));
        Assert.Equal("/leave #00000000\r\n", Encoding.ASCII.GetString(lines.Say(1)));
        Assert.Equal("1talker has joined the channel #00000000\r\n", Encoding.ASCII.GetString(lines.Expect(1, 0)));
        Assert.Equal("1talker has left the channel #00000000\r\n", Encoding.ASCII.GetString(lines.Expect(1, 1)));
    }

    [Fact]
    public void A_line_that_comes_twice_is_an_error()
    {
        Check(Bytes((0, 0)));
        var e = Assert.Throws<WrongReplyException>(() => Check(Bytes((0, 0))));
        Assert.Equal("Instead of '0talker has left the channel #00000000' came '0talker has joined the channel #00000000'.", e.Message);
    }

    [Fact]
    public void A_line_that_is_missing_shows_in_the_next_one() => Assert.Throws<WrongReplyException>(() => Check(Bytes((0, 1))));

    [Theory]
    [InlineData("2talker has joined the channel #00000000\r\n", "Talker 2 has not said line 0.")]
    [InlineData("error: there is no #go here!\r\n", "Talker 53 has not said line 0.")]
    [InlineData("\n", "Talker -38 has not said line 0.")]
    public void What_nobody_has_said_is_an_error(string received, string message)
    {
        var e = Assert.Throws<WrongReplyException>(() => Check(Encoding.ASCII.GetBytes(received)));
        Assert.Equal(message, e.Message);
    }

    [Fact]
    public void Nothing_may_come_before_it_is_said()
    {
        Check(Bytes((1, 0), (1, 1)));
        Assert.Throws<WrongReplyException>(() => Check("1talker has joined the channel #00000001\r\n"u8.ToArray()));
    }

    [Fact]
    public void A_line_is_done_when_all_have_heard_it()
    {
        Assert.Equal(10, _lines.Missing);
        Assert.False(_lines.Hear(0, 1, out long sent));
        Assert.True(_lines.Hear(0, 1, out long sentOfOther));
        Assert.Equal(sent, sentOfOther);
        Assert.Equal(8, _lines.Missing);
    }

    private void Check(byte[] bytes) => _listener.Check(bytes, (talker, number) => _heard.Add((talker, number)));

    private byte[] Bytes(params (int Talker, int Number)[] lines) => [.. lines.SelectMany(line => _lines.Expect(line.Talker, line.Number))];
}
