using static TwistedPS.Tests.BatchRigs;

namespace TwistedPS.Tests;

public sealed class MessageBatchTests
{
    private const string LineEnd = "\r\n";

    [Fact]
    public void All_lines_of_a_segment_come_in_one_call_and_in_order()
    {
        BatchHandler handler = BatchHandler.Echo();
        using MemoryRig rig = Serve(handler);
        MemoryPeer peer = rig.Connect();
        peer.Send("a\nb\nc\n");
        peer.Send("d\ne");
        peer.Send("f\n");
        Assert.Equal("[ a b c ] [ d ] [ ef ]", handler.Told);
        peer.Expect("a\r\nb\r\nc\r\nd\r\nef\r\n");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(100)]
    public void However_the_stream_is_cut_the_lines_are_the_same(int chunk)
    {
        string[] lines = ["", "a", "bc", "", "déf", "ghij", "klmnopqrstuvw", "x"];
        var received = new List<string>();
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                received.Add(line);
                connection.Send(line);
            },
        };
        using MemoryRig rig = Serve(handler, largestRead: chunk);
        MemoryPeer peer = rig.Connect();
        string text = string.Concat(lines.Select(line => line + LineEnd));
        peer.Send(text);
        Assert.Equal(lines, received);
        peer.Expect(text);
    }

    [Fact]
    public void Each_line_is_counted_as_it_is_handed_over()
    {
        var counts = new List<(long, long)>();
        var handler = new BatchHandler { OnLine = (connection, _) => counts.Add((connection.LinesIn, connection.Owner.MessagesIn)) };
        using MemoryRig rig = Serve(handler);
        rig.Connect().Send("a\nb\n");
        rig.Connect().Send("c\nd\ne");
        Assert.Equal([(1, 1), (2, 2), (1, 3), (2, 4)], counts);
        Assert.Equal(4, rig.Server.LinesIn);
    }

    [Theory]
    [InlineData("a", "[ a ] [ b c d ]")]
    [InlineData("b", "[ a b ] [ c d ]")]
    [InlineData("d", "[ a b c d ]")]
    public void What_a_handler_has_not_taken_comes_in_another_call(string last, string expected)
    {
        var handler = new BatchHandler { OnLine = (connection, line) => connection.Send(line), LeavesAfter = last };
        using MemoryRig rig = Serve(handler);
        MemoryPeer peer = rig.Connect();
        peer.Send("a\nb\nc\nd\n");
        Assert.Equal(expected, handler.Told);
        Assert.Equal(4, rig.Server.LinesIn);
        peer.Expect("a\r\nb\r\nc\r\nd\r\n");
    }

    [Fact]
    public void A_handler_that_is_replaced_gets_no_further_line()
    {
        var next = new BatchHandler();
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "replace")
                    ((LineServer)connection.Owner).Replace(next);
            },
        };
        using MemoryRig rig = Serve(handler);
        rig.Connect().Send("a\nreplace\nb\nc\n");
        Assert.Equal("[ a replace ]", handler.Told);
        Assert.Equal("[ b c ]", next.Told);
        Assert.Equal(4, rig.Server.LinesIn);
    }

    [Fact]
    public void A_handler_of_single_lines_that_replaces_one_of_all_gets_the_next_line()
    {
        var handler = new BatchHandler();
        using var rig = new MemoryRig(new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "b")
                    ((LineServer)connection.Owner).Replace(handler);
            },
        });
        rig.Connect().Send("a\nb\nc\nd\n");
        Assert.Equal(["a", "b"], rig.Handler.LinesOf(0));
        Assert.Equal("[ c d ]", handler.Told);
    }

    [Fact]
    public void Connections_have_their_lines_apart()
    {
        var handler = new BatchHandler();
        using MemoryRig rig = Serve(handler);
        MemoryPeer first = rig.Connect();
        MemoryPeer second = rig.Connect();
        first.Send("a\nb");
        second.Send("c\nd\n");
        first.Send("\n");
        Assert.Equal("[ a ] [ c d ] [ b ]", handler.Told);
    }
}
