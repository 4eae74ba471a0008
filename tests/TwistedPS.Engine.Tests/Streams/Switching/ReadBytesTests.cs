using System.Text;

namespace TwistedPS.Tests;

/// <summary>Lines such as <c>5</c> and <c>raw</c> ask for what comes next in place of lines.</summary>
public sealed class ReadBytesTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_number_of_bytes_come_in_place_of_a_line_whatever_is_in_them(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Asking());
        using IPeer peer = rig.Connect();
        peer.Send("one\n5\na\n\r\nbtwo\n3\nxyz\n\nend\n");
        rig.Until("line 0: end");
        Assert.Equal(
            ["line: one", "line: 5", "data: a\n\r\nb", "line: two", "line: 3", "data: xyz", "line: ", "line: ", "line: end"],
            rig.Handler.ArrivalsOf(0));
        rig.Do(() => Assert.Equal((7, 7), (rig.Server.LinesIn, rig.Server.Connections[0].LinesIn)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void However_the_stream_is_cut_the_messages_are_the_same(int largestRead)
    {
        using var rig = new MemoryRig(Asking(), largestRead: largestRead);
        rig.Connect().Send("one\r\n4\r\n\r\n\r\ntwo\r\n2\r\n\nx0\r\n0\r\nlast\r\n");
        Assert.Equal(
            ["line: one", "line: 4", "data: \r\n\r\n", "line: two", "line: 2", "data: \nx", "line: 0", "data: ", "line: 0", "data: ", "line: last"],
            rig.Handler.ArrivalsOf(0));
    }

    [Fact]
    public void None_at_all_come_at_once()
    {
        using var rig = new MemoryRig(Asking());
        using MemoryPeer peer = rig.Connect();
        peer.Send("0\n");
        Assert.Equal(["line: 0", "data: "], rig.Handler.ArrivalsOf(0));
        rig.Do(() => rig.Server.Connections[0].ReadBytes(0));
        rig.Until(() => rig.Handler.ArrivalsOf(0).Length == 3);
    }

    [Fact]
    public void They_may_be_asked_for_before_anything_has_come()
    {
        using var rig = new MemoryRig(new RecordingHandler { OnConnect = it => it.ReadBytes(4), OnData = (_, _) => { } });
        MemoryPeer peer = rig.Connect();
        peer.Send("\uFEFF1\uFEFFline\n");
        Assert.Equal([$"data: {Encoding.Latin1.GetString("\uFEFF1"u8)}", "line: \uFEFFline"], rig.Handler.ArrivalsOf(0));
    }

    [Fact]
    public void The_last_request_in_a_call_counts()
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                if (line != "go")
                    return;
                connection.ReadRaw();
                connection.ReadBytes(9);
                connection.ReadBytes(2);
            },
            OnData = (_, _) => { },
        };
        using var rig = new MemoryRig(handler);
        rig.Connect().Send("go\nabcd\n");
        Assert.Equal(["line: go", "data: ab", "line: cd"], rig.Handler.ArrivalsOf(0));
    }

    [Fact]
    public void They_may_follow_one_another()
    {
        int left = 3;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) => connection.ReadBytes(2),
            OnData = (connection, _) =>
            {
                if (--left > 0)
                    connection.ReadBytes(left);
            },
        };
        using var rig = new MemoryRig(handler);
        rig.Connect().Send("go\naabbcrest\n");
        Assert.Equal(["line: go", "data: aa", "data: bb", "data: c", "line: rest"], rig.Handler.ArrivalsOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_request_from_elsewhere_is_for_what_was_not_read(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, new RecordingHandler { OnData = (_, _) => { } });
        using IPeer peer = rig.Connect();
        peer.Send("one\nunfinished");
        rig.Until("line 0: one");
        LineConnection connection = null!;
        rig.Until(() => rig.Server.BytesIn == 14);
        rig.Do(() => connection = rig.Server.Connections[0]);
        connection.ReadBytes(2);
        rig.Until("data 0: un");
        peer.Send("\n");
        rig.Until("line 0: finished");
    }

    [Fact]
    public void Nobody_to_give_them_to_is_an_error()
    {
        using var rig = new MemoryRig(new RecordingHandler { OnLine = (connection, _) => connection.ReadBytes(1) });
        using MemoryPeer peer = rig.Connect();
        peer.Send("a\nb\n");
        peer.Close();
        rig.Until("disconnect 0: HandlerError");
        Assert.Equal($"The {rig.Server} has no -OnData handler, to which the bytes would go.", rig.Server.Errors[0].Message);
        Assert.Equal(["start", "connect 0", "line 0: a", "disconnect 0: HandlerError"], rig.Handler.Events);
    }

    [Fact]
    public void Too_many_or_less_than_none_are_an_error()
    {
        using var rig = new MemoryRig(Asking(), format: new LineFormat { MaxDataLength = 4 });
        using MemoryPeer peer = rig.Connect();
        rig.Do(() =>
        {
            LineConnection connection = rig.Server.Connections[0];
            var error = Assert.Throws<MessageTooLongException>(() => connection.ReadBytes(5));
            Assert.Equal((4, "5 bytes are more than can be read at once: the limit is 4."), (error.Limit, error.Message));
            Assert.Throws<ArgumentOutOfRangeException>(() => connection.ReadBytes(-1));
            Assert.Throws<MessageTooLongException>(() => connection.ReadBytes(long.MaxValue));
        });
        peer.Send("4\nabcd\n");
        Assert.Equal(["line: 4", "data: abcd", "line: "], rig.Handler.ArrivalsOf(0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Too_few_at_the_end_are_cut_off_and_not_delivered(bool deliversCutOff)
    {
        using var rig = new MemoryRig(Asking(), format: new LineFormat { DeliversCutOff = deliversCutOff });
        using MemoryPeer peer = rig.Connect();
        peer.Send("9\nshort");
        peer.HalfClose();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["line: 9"], rig.Handler.ArrivalsOf(0));
        Assert.Equal(1, rig.Server.LinesCutOff);
    }

    [Fact]
    public void A_memory_of_bytes_that_were_never_sent_is_not_taken()
    {
        using var rig = new MemoryRig(Asking(), format: new LineFormat { MaxDataLength = 1 << 30 });
        using MemoryPeer peer = rig.Connect();
        long before = GC.GetTotalAllocatedBytes();
        peer.Send($"{1 << 30}\nsome");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1 << 20);
        peer.HalfClose();
        rig.Until("disconnect 0: Done");
    }

    [Fact]
    public void A_paused_connection_gets_them_when_it_goes_on()
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, _) =>
            {
                connection.ReadBytes(2);
                connection.Pause();
            },
            OnData = (_, _) => { },
        };
        using var rig = new MemoryRig(handler);
        using MemoryPeer peer = rig.Connect();
        peer.Send("go\nabcd");
        Assert.Equal(["line: go"], rig.Handler.ArrivalsOf(0));
        rig.Do(() => rig.Server.Connections[0].Resume());
        rig.Until("data 0: ab");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Others_get_their_turn_while_a_connection_reads_none_again_and_again(Carrier carrier)
    {
        ManualClock clock = null!;
        bool isOver = false;
        var handler = new RecordingHandler
        {
            OnLine = (connection, _) =>
            {
                connection.ReadBytes(0);
                connection.Owner.Reactor.CallLater(TimeSpan.FromMilliseconds(50), () => isOver = true);
            },
            OnData = (connection, _) =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(15));
                if (!isOver)
                    connection.ReadBytes(0);
            },
        };
        using Rig rig = Rig.CreateTimed(carrier, out clock, handler);
        using IPeer peer = rig.Connect();
        peer.Send("go\nlast\n");
        rig.Until("line 0: last");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_peer_that_does_not_read_holds_up_bytes_like_lines(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, _) => connection.ReadBytes(1),
            OnData = (connection, _) => connection.Write(new byte[100_000]),
        };
        using Rig rig = Rig.Create(carrier, handler, new ServerOptions { SendBufferLimit = 1000 });
        using IPeer peer = rig.Connect();
        (peer as MemoryPeer)?.StopReading();
        const int Many = 200;
        peer.Send(string.Concat(Enumerable.Repeat("\nx", Many)));
        rig.Until(() => rig.Server.Connections is [{ UnsentBytes: > 1000 }]);
        rig.Do(() => Assert.InRange(rig.Handler.Count("data 0: x"), 1, Many - 1));
        (peer as MemoryPeer)?.GoOnReading();
        Assert.Equal(Many * 100_000, peer.ReceiveBytes(Many * 100_000).Length);
        Assert.Equal(Many, rig.Handler.Count("data 0: x"));
    }

    [Fact]
    public void A_batch_handler_gets_them_among_the_lines()
    {
        List<string> seen = [];
        var handler = new ArrivalsHandler(seen);
        using var rig = new MemoryRig();
        rig.Do(() => rig.Server.Replace(handler));
        rig.Connect().Send("one\n2\nabtwo\n");
        Assert.Equal(["[", "Message one", "Message 2", "Data ab", "Message two", "]"], seen);
    }

    [Fact]
    public void A_connection_that_has_closed_reads_no_more()
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, _) => connection.ReadBytes(1),
            OnData = (connection, _) => connection.Close(),
        };
        using var rig = new MemoryRig(handler);
        using MemoryPeer peer = rig.Connect();
        peer.Send("a\nbc\nd\n");
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["line: a", "data: b"], rig.Handler.ArrivalsOf(0));
    }

    private static RecordingHandler Asking() => new()
    {
        OnLine = (connection, line) =>
        {
            if (long.TryParse(line, out long count))
                connection.ReadBytes(count);
        },
        OnData = (_, _) => { },
    };
}
