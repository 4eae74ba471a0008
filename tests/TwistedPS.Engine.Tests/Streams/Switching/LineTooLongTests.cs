using System.Text;

namespace TwistedPS.Tests;

public sealed class LineTooLongTests
{
    private static readonly LineFormat s_format = new() { MaxLineLength = 5 };

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Its_beginning_is_handled_and_its_rest_skipped(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Answering(), format: s_format);
        using IPeer peer = rig.Connect();
        peer.Send("one\n123456789\ntwo\n12345\nabcdef\n\n");
        peer.Expect("one\r\ntoo long\r\ntwo\r\n12345\r\ntoo long\r\n\r\n");
        Assert.Equal(
            ["line: one", "too long: 12345", "line: two", "line: 12345", "too long: abcde", "line: "], rig.Handler.ArrivalsOf(0));
        rig.Do(() => Assert.Equal((2, 4, 0), (rig.Server.LinesTooLong, rig.Server.LinesIn, rig.Server.ErrorCount)));
    }

    [Theory]
    [InlineData("Auto", "\n")]
    [InlineData("Auto", "\r\n")]
    [InlineData("Auto", "\r\0")]
    [InlineData("LF", "\n")]
    [InlineData("CRLF", "\r\n")]
    [InlineData("END", "END")]
    public void However_the_stream_is_cut_it_is_skipped_to_its_end(string delimiter, string end)
    {
        for (int largestRead = 1; largestRead < 10; largestRead++)
        {
            using var rig = new MemoryRig(
                Answering(), format: new LineFormat { MaxLineLength = 5, Delimiter = LineDelimiter.Parse(delimiter) }, largestRead: largestRead);
            rig.Connect().Send($"one{end}12345678EN\r90{end}{end}12345{end}123456{end}last{end}");
            Assert.Equal(
                ["line: one", "too long: 12345", "line: ", "line: 12345", "too long: 12345", "line: last"], rig.Handler.ArrivalsOf(0));
        }
    }

    [Fact]
    public void Its_beginning_ends_with_a_whole_character()
    {
        using var rig = new MemoryRig(Answering(), format: s_format);
        rig.Connect().Send("ééééé\nok\n");
        Assert.Equal(["too long: éé", "line: ok"], rig.Handler.ArrivalsOf(0));
        Assert.Equal(0, rig.Server.Connections[0].InvalidBytes);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Characters_of_two_bytes_stay_together(string encoding)
    {
        for (int largestRead = 1; largestRead < 6; largestRead++)
        {
            Encoding wide = Encoding.GetEncoding(encoding);
            using var rig = new MemoryRig(
                Answering(), format: new LineFormat { MaxLineLength = 5, Encoding = wide }, largestRead: largestRead);
            rig.Connect().Send(wide.GetBytes("abcd\u0A00\u000Def\u0A0A\u010A\nok\n"));
            Assert.Equal(["too long: ab", "line: ok"], rig.Handler.ArrivalsOf(0));
        }
    }

    [Fact]
    public void An_end_within_a_command_of_telnet_is_none()
    {
        for (int largestRead = 1; largestRead < 12; largestRead++)
        {
            using var rig = new MemoryRig(Answering(), format: s_format, largestRead: largestRead);
            rig.Connect().Send([.. "123456"u8, 255, 250, 10, 255, 240, .. "78\nok\n"u8]);
            Assert.Equal(["too long: 12345", "line: ok"], rig.Handler.ArrivalsOf(0));
        }
    }

    [Fact]
    public void A_command_of_telnet_that_never_ends_is_not_kept()
    {
        using var rig = new MemoryRig(Answering(), format: s_format);
        using MemoryPeer peer = rig.Connect();
        peer.Send([.. "123456"u8, 255, 250]);
        for (int i = 0; i < 100; i++)
            peer.Send("some more of it");
        Assert.InRange(rig.Server.Connections[0].Receiver.Undelivered.Length, 0, 50);
        peer.Send("\nok\n");
        Assert.Equal("line: ok", rig.Handler.ArrivalsOf(0)[^1]);
    }

    [Fact]
    public void A_long_one_takes_no_memory()
    {
        using var rig = new MemoryRig(Answering(), format: s_format);
        using MemoryPeer peer = rig.Connect();
        for (int i = 0; i < 100; i++)
        {
            peer.Send(new string('x', 1000));
            Assert.InRange(rig.Server.Connections[0].Receiver.Undelivered.Length, 0, 6);
        }

        peer.Send("\nok\n");
        Assert.Equal(["too long: xxxxx", "line: ok"], rig.Handler.ArrivalsOf(0));
    }

    [Fact]
    public void Bytes_that_are_asked_for_come_after_its_end()
    {
        var handler = new RecordingHandler { OnTooLong = (connection, _) => connection.ReadBytes(3), OnData = (_, _) => { } };
        using var rig = new MemoryRig(handler, format: s_format);
        MemoryPeer peer = rig.Connect();
        peer.Send("1234567");
        peer.Send("8\nab\ncd\n");
        Assert.Equal(["too long: 12345", "data: ab\n", "line: cd"], rig.Handler.ArrivalsOf(0));
    }

    [Fact]
    public void The_handler_may_close()
    {
        using var rig = new MemoryRig(new RecordingHandler { OnTooLong = (connection, _) => connection.Close() }, format: s_format);
        using MemoryPeer peer = rig.Connect();
        peer.Send("123456\nmore\n");
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["too long: 12345"], rig.Handler.ArrivalsOf(0));
    }

    [Fact]
    public void The_end_of_the_stream_within_it_is_no_line()
    {
        using var rig = new MemoryRig(Answering(), format: new LineFormat { MaxLineLength = 5, DeliversCutOff = true });
        using MemoryPeer peer = rig.Connect();
        peer.Send("12345678\r");
        peer.HalfClose();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["too long: 12345"], rig.Handler.ArrivalsOf(0));
        Assert.Equal((1, 0), (rig.Server.LinesTooLong, rig.Server.LinesCutOff));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_it()
    {
        using var rig = new MemoryRig(Answering(), format: s_format);
        rig.Connect().Send("\uFEFF123456\nok\n");
        Assert.Equal(["too long: 12345", "line: ok"], rig.Handler.ArrivalsOf(0));
    }

    private static RecordingHandler Answering() => new()
    {
        OnLine = (connection, line) => connection.Send(line),
        OnTooLong = (connection, _) => connection.Send("too long"),
    };
}
