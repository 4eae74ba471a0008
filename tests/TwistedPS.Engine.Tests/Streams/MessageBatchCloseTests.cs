using static TwistedPS.Tests.BatchRigs;

namespace TwistedPS.Tests;

public sealed class MessageBatchCloseTests
{
    private const string LineEnd = "\r\n";

    [Theory]
    [ClassData(typeof(Carriers))]
    public void After_a_close_no_further_line_comes_and_what_was_sent_goes_out(Carrier carrier)
    {
        CloseReason? atClose = null;
        CloseReason? after = null;
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send(line);
                if (line != "close")
                    return;
                connection.Close();
                connection.Send("last");
                atClose = connection.CloseReason;
            },
            OnNoMore = connection => after = connection.CloseReason,
        };
        using Rig rig = Serve(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\nclose\nb\nc\n");
        Assert.Equal("a\r\nclose\r\nlast\r\n", peer.ReceiveToEnd());
        peer.Close();
        rig.Until(() => handler.Told.EndsWith("Done", StringComparison.Ordinal));
        Assert.Equal("[ a close ] Done", handler.ToldAsOne);
        Assert.Equal((CloseReason.None, CloseReason.Done), (atClose, after));
        Assert.Equal((2, 3), (rig.Server.LinesIn, rig.Server.LinesOut));
    }

    [Fact]
    public void A_close_that_waits_for_an_answer_keeps_the_lines_after_it_back_too()
    {
        LineConnection? closing = null;
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                if (line != "close")
                    return;
                closing = connection;
                connection.Hold();
                connection.Close();
            },
        };
        using MemoryRig rig = Serve(handler);
        MemoryPeer peer = rig.Connect();
        peer.Send("a\nclose\nb\n");
        Assert.Equal(CloseReason.None, closing!.CloseReason);
        rig.Do(() =>
        {
            closing.Send("answer");
            closing.Release();
        });
        Assert.Equal("answer\r\n", peer.ReceiveToEnd());
        Assert.Equal("[ a close ]", handler.Told);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void After_an_abort_no_further_line_comes(Carrier carrier)
    {
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "abort")
                    connection.Abort();
            },
        };
        using Rig rig = Serve(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\nabort\nb\n");
        rig.Until(() => handler.Told.EndsWith("Aborted", StringComparison.Ordinal));
        Assert.Equal("[ a abort ] Aborted", handler.ToldAsOne);
        Assert.Equal(2, rig.Server.LinesIn);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void After_the_end_of_sending_lines_come_and_nothing_goes_out(Carrier carrier)
    {
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send(line);
                if (line != "end")
                    return;
                connection.EndSending();
                connection.Send("last");
            },
        };
        using Rig rig = Serve(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\nend\nb\nc\n");
        Assert.Equal("a\r\nend\r\nlast\r\n", peer.ReceiveToEnd());
        rig.Do(() => { });
        Assert.Equal("[ a end b c ]", handler.ToldAsOne);
        Assert.Equal((4, 3), (rig.Server.LinesIn, rig.Server.LinesOut));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_pause_keeps_back_the_lines_that_have_arrived(Carrier carrier)
    {
        LineConnection? paused = null;
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "pause")
                    (paused = connection).Pause();
            },
        };
        using Rig rig = Serve(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\npause\nb\nc\n");
        rig.Until(() => handler.ToldAsOne == "[ a pause ]");
        rig.Do(() => { });
        Assert.Equal(2, paused!.LinesIn);
        paused.Resume();
        rig.Until(() => handler.ToldAsOne == "[ a pause b c ]");
    }

    [Fact]
    public void A_pause_that_is_over_when_the_next_line_is_asked_for_keeps_nothing_back()
    {
        var handler = new BatchHandler
        {
            OnLine = (connection, _) =>
            {
                connection.Pause();
                connection.Resume();
            },
        };
        using MemoryRig rig = Serve(handler);
        rig.Connect().Send("a\nb\nc\n");
        Assert.Equal("[ a b c ]", handler.Told);
    }

    [Fact]
    public void A_handler_that_closes_and_leaves_gets_nothing_more()
    {
        var handler = new BatchHandler
        {
            OnLine = (connection, _) =>
            {
                connection.Close();
                connection.Send("bye");
            },
            LeavesAfter = "a",
        };
        using MemoryRig rig = Serve(handler);
        MemoryPeer peer = rig.Connect();
        peer.Send("a\nb\n");
        Assert.Equal("bye\r\n", peer.ReceiveToEnd());
        Assert.Equal("[ a ]", handler.Told);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void An_error_drops_the_lines_after_it_and_nothing_that_was_sent_before(Carrier carrier)
    {
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send(line);
                if (line == "bad")
                    throw new FormatException("no such thing");
            },
        };
        using Rig rig = Serve(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\nb\nbad\nc\n");
        Assert.Equal("a\r\nb\r\nbad\r\n", peer.ReceiveToEnd());
        peer.Close();
        rig.Until(() => handler.Told.EndsWith("HandlerError", StringComparison.Ordinal));
        Assert.Equal("[ a b bad ] HandlerError", handler.ToldAsOne);
        HandlerError error = Assert.Single(rig.Server.Errors);
        Assert.Equal(("OnLine", "no such thing"), (error.Handler, error.Message));
        Assert.Equal(3, rig.Server.LinesIn);
    }

    [Fact]
    public void Lines_before_one_that_is_too_long_come_first()
    {
        var tooLong = new List<long>();
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send(line);
                tooLong.Add(connection.Owner.MessagesTooLong);
            },
        };
        using MemoryRig rig = Serve(handler, format: new LineFormat { MaxLineLength = 5 });
        MemoryPeer peer = rig.Connect();
        peer.Send("a\nb\ntoo long\nc\n");
        Assert.Equal("a\r\nb\r\n", peer.ReceiveToEnd());
        peer.Close();
        Assert.Equal("[ a b ] LineTooLong", handler.Told);
        Assert.Equal([0, 0], tooLong);
        Assert.Equal((2, 1), (rig.Server.LinesIn, rig.Server.LinesTooLong));
    }

    [Fact]
    public void What_is_cut_off_comes_in_a_call_of_its_own()
    {
        var handler = new BatchHandler();
        using MemoryRig rig = Serve(handler, new ServerOptions { AllowHalfOpen = true }, new LineFormat { DeliversCutOff = true });
        MemoryPeer peer = rig.Connect();
        peer.Send("a\nb\nc");
        peer.HalfClose();
        Assert.Equal("[ a b ] [ c ] end", handler.Told);
        Assert.Equal((3, 1), (rig.Server.LinesIn, rig.Server.LinesCutOff));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void The_limit_of_the_output_holds_lines_back_until_the_peer_reads(Carrier carrier)
    {
        const int Lines = 20;
        string large = new('x', 500_000);
        LineConnection? served = null;
        var handler = new BatchHandler { OnLine = (connection, _) => (served = connection).Send(large) };
        using Rig rig = Serve(carrier, handler, new ServerOptions { SendBufferLimit = 1000 });
        using IPeer peer = rig.Connect();
        if (peer is MemoryPeer { Transport: var transport })
            transport.PauseReading();
        peer.Send(string.Concat(Enumerable.Range(0, Lines).Select(i => $"{i}\n")));
        rig.Until(() => served is { UnsentBytes: > 1000 });
        rig.Do(() => { });
        Assert.InRange(served!.LinesIn, 1, Lines - 1);
        Assert.InRange(served.UnsentBytes, 1001, 1000 + large.Length + LineEnd.Length);
        (peer as MemoryPeer)?.Transport.ResumeReading();
        string expected = string.Concat(Enumerable.Repeat(large + LineEnd, Lines));
        Assert.True(expected == peer.Receive(expected.Length), "The replies are not what was sent.");
        Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"{i}"), handler.Told.Split(' ').Where(it => it is not ("[" or "]")));
    }
}
