namespace TwistedPS.Tests;

public sealed class ArrivalsTests
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
    [ClassData(typeof(Carriers))]
    public void After_a_close_no_further_line_comes_and_what_was_sent_goes_out(Carrier carrier)
    {
        var reasons = new List<CloseReason>();
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send(line);
                if (line != "close")
                    return;
                connection.Close();
                connection.Send("last");
                reasons.Add(connection.CloseReason);
            },
            OnNoMore = connection => reasons.Add(connection.CloseReason),
        };
        using Rig rig = Serve(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\nclose\nb\nc\n");
        Assert.Equal("a\r\nclose\r\nlast\r\n", peer.ReceiveToEnd());
        peer.Close();
        rig.Until(() => handler.Told.EndsWith("Done", StringComparison.Ordinal));
        Assert.Equal("[ a close ] Done", handler.Told);
        Assert.Equal([CloseReason.None, CloseReason.Done], reasons);
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
        Assert.Equal("[ a abort ] Aborted", handler.Told);
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
        Assert.Equal("[ a end b c ]", handler.Told);
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
        rig.Until(() => handler.Told == "[ a pause ]");
        rig.Do(() => { });
        Assert.Equal(2, paused!.LinesIn);
        paused.Resume();
        rig.Until(() => handler.Told == "[ a pause ] [ b c ]");
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
        Assert.Equal("[ a b bad ] HandlerError", handler.Told);
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
    public void An_interruption_leaves_the_lines_after_it_for_later()
    {
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "d")
                    connection.Close();
                connection.Send(line);
                if (line is "b" or "c")
                    throw new ReactorInterruptedException(new FormatException());
            },
        };
        using MemoryRig rig = Serve(handler);
        MemoryPeer peer = rig.Connect();
        Assert.Throws<ReactorInterruptedException>(() => peer.Send("a\nb\nc\nd\ne\n"));
        Assert.Equal("[ a b ]", handler.Told);
        Assert.Throws<ReactorInterruptedException>(() => rig.Reactor.Turn());
        Assert.Equal("[ a b ] [ c ]", handler.Told);
        Assert.Equal("a\r\nb\r\nc\r\nd\r\n", peer.ReceiveToEnd());
        Assert.Equal("[ a b ] [ c ] [ d ]", handler.Told);
        Assert.Null(rig.Reactor.Watch.Current);
    }

    [Fact]
    public void LineReceived_is_raised_after_each_line_is_handled_and_before_the_next_one_is()
    {
        var handler = new BatchHandler();
        using MemoryRig rig = Serve(handler);
        var running = new List<(HandlerCall?, Connection?)>();
        rig.Server.LineReceived += (_, args) =>
        {
            handler.Note($"raised:{args.Line}");
            running.Add((rig.Reactor.Watch.Current, rig.Reactor.Watch.Connection));
        };
        rig.Connect().Send("a\nb\nc\n");
        Assert.Equal("[ a raised:a b raised:b c raised:c ]", handler.Told);
        Assert.All(running, it => Assert.Equal((null, null), it));
    }

    [Fact]
    public void LineReceived_is_raised_for_the_line_after_which_a_handler_left_too()
    {
        var handler = new BatchHandler { LeavesAfter = "b" };
        using MemoryRig rig = Serve(handler);
        rig.Server.LineReceived += (_, args) => handler.Note($"raised:{args.Line}");
        rig.Connect().Send("a\nb\nc\n");
        Assert.Equal("[ a raised:a b ] raised:b [ c raised:c ]", handler.Told);
    }

    [Fact]
    public void A_subscriber_that_throws_does_not_disturb_the_lines_after()
    {
        BatchHandler handler = BatchHandler.Echo();
        using MemoryRig rig = Serve(handler);
        rig.Server.LineReceived += (_, args) => throw new FormatException(args.Line);
        MemoryPeer peer = rig.Connect();
        peer.Send("a\nb\n");
        peer.Expect("a\r\nb\r\n");
        Assert.Equal("[ a b ]", handler.Told);
        Assert.Equal(["b", "a"], rig.Server.Errors.Select(it => it.Message));
    }

    [Fact]
    public void A_subscriber_that_is_interrupted_leaves_later_lines_their_whole_call()
    {
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "b")
                    connection.Close();
                connection.Send(line);
            },
        };
        using MemoryRig rig = Serve(handler);
        rig.Server.LineReceived += (_, args) =>
        {
            if (args.Line == "a")
                throw new ReactorInterruptedException(new FormatException());
        };
        MemoryPeer peer = rig.Connect();
        Assert.Throws<ReactorInterruptedException>(() => peer.Send("a\nb\n"));
        Assert.Equal("a\r\nb\r\n", peer.ReceiveToEnd());
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void The_limit_of_the_output_holds_lines_back_until_the_peer_reads(Carrier carrier)
    {
        const int Lines = 60;
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

    [Fact]
    public void Each_line_has_the_watch_told_anew()
    {
        var running = new List<(string?, Connection?)>();
        using var rig = new MemoryRig();
        var held = new List<string>();
        rig.Reactor.HandlerHeld += call => held.Add(call.Name);
        var handler = new BatchHandler
        {
            OnLine = (connection, line) =>
            {
                running.Add((rig.Reactor.Watch.Current?.Name, rig.Reactor.Watch.Connection));
                for (int i = 0; i < line.Length; i++)
                    rig.Time.Advance(TimeSpan.FromSeconds(0.5));
            },
        };
        rig.Do(() => rig.Server.Replace(handler));
        MemoryPeer peer = rig.Connect();
        peer.Send(".\n.\n.\n.\n.\n.\n");
        Assert.Empty(held);
        Connection served = rig.Server.Connections.Single();
        Assert.Equal(Enumerable.Repeat(("OnLine", served), 6), running!);
        peer.Send(".\n....\n.\n");
        Assert.Equal(["OnLine"], held);
        Assert.Equal("[ . . . . . . ] [ . .... . ]", handler.Told);
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

    private static MemoryRig Serve(BatchHandler handler, ServerOptions? options = null, LineFormat? format = null, int largestRead = 65536)
    {
        var rig = new MemoryRig(options: options, format: format, largestRead: largestRead);
        rig.Do(() => rig.Server.Replace(handler));
        return rig;
    }

    private static Rig Serve(Carrier carrier, BatchHandler handler, ServerOptions? options = null)
    {
        Rig rig = Rig.Create(carrier, options: options);
        rig.Do(() => rig.Server.Replace(handler));
        return rig;
    }
}
