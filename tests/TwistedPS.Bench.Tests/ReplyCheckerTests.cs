using System.Globalization;
using System.Text;

namespace TwistedPS.Bench.Tests;

public sealed class ReplyCheckerTests
{
    private static readonly Script s_script = new([("1", "one"), ("2", "two"), ("3", "three")]);

    private readonly ReplyChecker _checker = new(s_script, 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public void The_right_replies_are_counted_whatever_pieces_they_come_in(int size)
    {
        byte[] round = Encoding.ASCII.GetBytes("two\r\nthree\r\none\r\n");
        for (int i = 0; i < 3; i++)
        {
            int awaited = 3;
            foreach (byte[] piece in round.Chunk(size))
                awaited -= _checker.Check(piece, awaited);
            Assert.Equal(0, awaited);
        }
    }

    [Theory]
    [InlineData("twO\r\n", "Instead of 'o\\r\\n' came 'O\\r\\n'")]
    [InlineData("two\n", "Instead of '\\r\\n' came '\\n'")]
    [InlineData("three", "Instead of 'wo\\r\\n' came 'hree'")]
    [InlineData("two\r\nthree\r\n", "Nothing more was to come: 'three\\r\\n'")]
    [InlineData("two\r\n\0", "Nothing more was to come: '\0'")]
    public void A_wrong_or_an_extra_byte_is_an_error(string received, string message)
    {
        var e = Assert.Throws<WrongReplyException>(() => _checker.Check(Encoding.ASCII.GetBytes(received), 1));
        Assert.Equal(message, e.Message);
    }

    [Fact]
    public void A_line_that_is_missing_shows_in_the_next_one() =>
        Assert.Throws<WrongReplyException>(() => _checker.Check("two\r\none\r\n"u8, 3));

    [Fact]
    public void What_has_come_in_part_is_still_awaited()
    {
        Assert.Equal(1, _checker.Check("two\r\nthr"u8, 2));
        Assert.Throws<WrongReplyException>(() => _checker.Check("eX\r\n"u8, 1));
    }

    [Fact]
    public void Work_is_answered_as_its_commands_say()
    {
        Script work = Scripts.Work(64);
        string[] requests = Lines(work.Requests(0, work.Count));
        string[] replies = Lines(work.Replies[..work.ReplyLength]);
        Assert.Equal(work.Count, replies.Length);
        Assert.All(requests.Zip(replies), pair => Assert.Equal(Answer(pair.First.Split(' ')), pair.Second));
        Assert.Equal(
            ["ADD", "ECHO", "LEN", "UPPER"],
            requests.Where(line => line.Contains(' ')).Select(line => line.Split(' ')[0]).Distinct().Order());
    }

    private static string Answer(string[] words) => words[0] switch
    {
        "ADD" => $"{Number(words[1]) + Number(words[2])}",
        "UPPER" => words[1].ToUpperInvariant(),
        "LEN" => $"{words[1].Length}",
        "ECHO" => words[1],
        _ => "ERR unknown command",
    };

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static string[] Lines(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes).TrimEnd().Split("\r\n");
}
