using System.Text;

namespace TwistedPS.Tests;

public sealed class ReadRawTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void All_bytes_come_as_they_are_until_lines_are_asked_for(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, UntilDot());
        using IPeer peer = rig.Connect();
        peer.Send("raw\nab\ncd");
        rig.Until(() => rig.Server.BytesIn == 9);
        peer.Send("ef.one\ntwo\n");
        rig.Until("line 0: two");
        string[] arrivals = rig.Handler.ArrivalsOf(0);
        Assert.Equal(("line: raw", "line: one", "line: two"), (arrivals[0], arrivals[^2], arrivals[^1]));
        Assert.Equal("ab\ncdef.one\ntwo\n", string.Concat(arrivals[1..^2].Select(it => it["data: ".Length..])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public void What_is_given_back_is_read_as_lines(int largestRead)
    {
        using var rig = new MemoryRig(UntilDot(), largestRead: largestRead);
        rig.Connect().Send("raw\nx\n.one\nraw\n.raw\n..two\n");
        Assert.Equal(["raw", "one", "raw", "raw", ".two"], rig.Handler.LinesOf(0));
    }

    [Fact]
    public void What_is_given_back_comes_before_what_was_not_read()
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "4")
                    connection.ReadBytes(4);
            },
            OnData = (connection, data) => connection.ReadLines(data[2..]),
        };
        using var rig = new MemoryRig(handler);
        MemoryPeer peer = rig.Connect();
        peer.Send("4\nabcdef\n4\nab");
        peer.Send("c\ngh\n");
        Assert.Equal(["line: 4", "data: abcd", "line: cdef", "line: 4", "data: abc\n", "line: c", "line: gh"], rig.Handler.ArrivalsOf(0));
    }

    [Fact]
    public void Bytes_that_are_given_back_may_be_counted_again()
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, _) => connection.ReadRaw(),
            OnData = (connection, data) =>
            {
                if (data.Length < 4)
                    return;
                connection.ReadLines(data[1..]);
                connection.ReadBytes(2);
            },
        };
        using var rig = new MemoryRig(handler);
        rig.Connect().Send("raw\nabcdef\n");
        Assert.Equal(["line: raw", "data: abcdef\n", "data: bc", "line: def"], rig.Handler.ArrivalsOf(0)[..4]);
    }

    [Fact]
    public void Bytes_can_be_given_back_from_elsewhere()
    {
        using var rig = new MemoryRig();
        using MemoryPeer peer = rig.Connect();
        peer.Send("unfin");
        rig.Do(() => rig.Server.Connections[0].ReadLines("one\n"u8.ToArray()));
        rig.Until("line 0: one");
        peer.Send("ished\n");
        Assert.Equal(["one", "unfinished"], rig.Handler.LinesOf(0));
    }

    [Fact]
    public void Telnet_has_no_commands_in_them()
    {
        using var rig = new MemoryRig(UntilDot());
        rig.Connect().Send([.. "raw\n"u8, 255, 251, 1, 0, .. ".a\n"u8]);
        Assert.Equal(["line: raw", $"data: {Encoding.Latin1.GetString([255, 251, 1, 0])}.a\n", "line: a"], rig.Handler.ArrivalsOf(0));
    }

    [Fact]
    public void The_end_of_the_stream_cuts_nothing_off()
    {
        using var rig = new MemoryRig(UntilDot());
        using MemoryPeer peer = rig.Connect();
        peer.Send("raw\nabc");
        peer.HalfClose();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["line: raw", "data: abc"], rig.Handler.ArrivalsOf(0));
        Assert.Equal(0, rig.Server.LinesCutOff);
    }

    [Fact]
    public void A_stream_has_one_end_even_if_bytes_are_given_back_after_it()
    {
        var handler = new RecordingHandler { OnEnd = _ => { } };
        using var rig = new MemoryRig(handler, new ServerOptions { AllowHalfOpen = true });
        using MemoryPeer peer = rig.Connect();
        peer.HalfClose();
        rig.Until("end 0");
        rig.Do(() => rig.Server.Connections[0].ReadLines("late\n"u8.ToArray()));
        rig.Until("line 0: late");
        rig.Do(() => rig.Server.Connections[0].Pause());
        rig.Do(() => rig.Server.Connections[0].Resume());
        rig.Reactor.Loop.RunUntilIdle();
        Assert.Equal(1, rig.Handler.Count("end 0"));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Plain_text_before_TLS_can_not_be_given_back(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                if (line == "raw")
                    connection.ReadRaw();
            },
            OnData = (connection, data) =>
            {
                connection.Write("220 ready\r\n"u8.ToArray());
                connection.StartTls();
                connection.ReadLines(data);
            },
        };
        using Rig rig = Rig.Create(carrier, handler, TlsOptions.OnRequest());
        using IPeer plain = rig.Connect();
        plain.Send("raw\r\nINJECTED\r\n");
        plain.Expect("220 ready\r\n");
        using IPeer peer = plain.Encrypt();
        peer.Send("two\r\n");
        rig.Until("line 0: two");
        Assert.Equal(["raw", "two"], rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_was_asked_for_before_TLS_comes_from_it(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                if (line != "go")
                    return;
                connection.ReadBytes(3);
                connection.Write("220 ready\r\n"u8.ToArray());
                connection.StartTls();
            },
            OnData = (_, _) => { },
        };
        using Rig rig = Rig.Create(carrier, handler, TlsOptions.OnRequest());
        using IPeer plain = rig.Connect();
        plain.Send("go\r\nINJECTED\r\n");
        plain.Expect("220 ready\r\n");
        using IPeer peer = plain.Encrypt();
        peer.Send("abctwo\r\n");
        rig.Until("line 0: two");
        Assert.Equal(["line: go", "data: abc", "line: two"], rig.Handler.ArrivalsOf(0));
    }

    /// <summary>Reads bytes from a line <c>raw</c> on until a dot.</summary>
    private static RecordingHandler UntilDot() => new()
    {
        OnLine = (connection, line) =>
        {
            if (line == "raw")
                connection.ReadRaw();
        },
        OnData = (connection, data) =>
        {
            int end = Array.IndexOf(data, (byte)'.');
            if (end >= 0)
                connection.ReadLines(data[(end + 1)..]);
        },
    };
}
