using System.Text;

namespace TwistedPS.Tests;

public sealed class LineServerTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G1")]
    public void Several_lines_in_one_segment_come_in_order(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo());
        using IPeer peer = rig.Connect();
        string[] lines = Enumerable.Range(0, 1000).Select(i => $"line {i}").ToArray();
        peer.Send(string.Concat(lines.Select(line => $"{line}\n")));
        peer.Expect(string.Concat(lines.Select(line => $"{line}\r\n")));
        Assert.Equal(lines, rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G1")]
    public void A_line_sent_byte_by_byte_is_one_line(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo());
        using IPeer peer = rig.Connect();
        foreach (byte value in Encoding.UTF8.GetBytes("häl😀lo\r\n"))
            peer.Send([value]);
        peer.Expect("häl😀lo\r\n");
        Assert.Equal(["häl😀lo"], rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G2")]
    public void LF_and_CRLF_both_end_a_line_and_replies_end_in_CRLF(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo());
        using IPeer peer = rig.Connect();
        peer.Send("a\nb\r\nc\n\n");
        peer.Expect("a\r\nb\r\nc\r\n\r\n");
        Assert.Equal(["a", "b", "c", ""], rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_delimiter_that_is_asked_for_goes_both_ways(Carrier carrier)
    {
        var format = new LineFormat { Delimiter = LineDelimiter.Parse("||") };
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo(), format: format);
        using IPeer peer = rig.Connect();
        peer.Send("a|b||c|");
        peer.Send("|");
        peer.Expect("a|b||c||");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Handlers_are_called_in_order(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier);
        using IPeer peer = rig.Connect();
        peer.Send("a\nb\n");
        peer.Close();
        rig.Until("disconnect 0: Done");
        rig.Stop();
        Assert.Equal(
            ["start", "connect 0", "line 0: a", "line 0: b", "disconnect 0: Done", "stop"], rig.Handler.Events);
        Assert.False(rig.Handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_OnConnect_sends_comes_first(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnConnect = connection => connection.Send("welcome"),
            OnLine = (connection, line) => connection.Send(line),
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Expect("welcome\r\n");
        peer.Send("a\n");
        peer.Expect("a\r\n");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Lines_and_bytes_are_counted(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo());
        using IPeer first = rig.Connect();
        using IPeer second = rig.Connect();
        first.Send("a\nb\n");
        first.Expect("a\r\nb\r\n");
        first.Close();
        rig.Until("disconnect 0: Done");
        second.Send("c\n");
        second.Expect("c\r\n");
        rig.Do(() =>
        {
            Assert.Equal((3, 3), (rig.Server.LinesIn, rig.Server.LinesOut));
            Assert.Equal((6, 9), (rig.Server.BytesIn, rig.Server.BytesOut));
            LineConnection open = Assert.Single(rig.Server.Connections);
            Assert.Equal((1, 1, 2, 3), (open.LinesIn, open.LinesOut, open.BytesIn, open.BytesOut));
            Assert.Equal((2, 1), (rig.Server.TotalConnections, rig.Server.ConnectionCount));
        });
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Events_are_raised_as_handlers_are_called(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier);
        var raised = new List<string>();
        rig.Do(() =>
        {
            rig.Server.Connected += (_, e) => raised.Add($"connected {e.Connection.Number}");
            rig.Server.LineReceived += (_, e) => raised.Add($"line {e.Line}");
            rig.Server.Disconnected += (_, e) => raised.Add($"disconnected {e.Connection.CloseReason}");
        });
        using IPeer peer = rig.Connect();
        peer.Send("a\n");
        peer.Close();
        rig.Until(() => raised.Count == 3);
        Assert.Equal(["connected 0", "line a", "disconnected Done"], raised);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Handlers_are_replaced_while_clients_stay(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo());
        using IPeer peer = rig.Connect();
        peer.Send("a\n");
        peer.Expect("a\r\n");
        var loud = new RecordingHandler { OnLine = (connection, line) => connection.Send($"{line}!") };
        rig.Do(() => rig.Server.Replace(loud));
        peer.Send("b\n");
        peer.Expect("b!\r\n");
        rig.Stop();
        Assert.Equal(["line 0: b", "disconnect 0: ServerStopped", "stop"], loud.Events);
    }
}
