namespace TwistedPS.Tests;

public sealed class LineServerLengthTests
{
    private const int Longest = 16384;

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G3")]
    public void The_longest_line_is_accepted(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo());
        using IPeer peer = rig.Connect();
        string longest = new('a', Longest);
        peer.Send($"{longest}\n{longest}\r\nb\n");
        peer.Expect($"{longest}\r\n{longest}\r\nb\r\n");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G3")]
    public void A_line_that_is_too_long_closes_its_connection_alone(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo());
        using IPeer bad = rig.Connect();
        using IPeer good = rig.Connect();
        bad.Send($"a\n{new string('x', Longest + 1)}\nb\n");
        Assert.Equal("a\r\n", bad.ReceiveToEnd());
        bad.Close();
        rig.Until("disconnect 0: LineTooLong");
        Assert.Equal(["a"], rig.Handler.LinesOf(0));
        Assert.Equal(1, rig.Server.LinesTooLong);
        Assert.Contains(rig.Server.Log, entry =>
            entry.Level == LogLevel.Warning && entry.Message.Contains("16384", StringComparison.Ordinal));
        Assert.Contains(rig.Server.Log, entry => entry.Message.Contains("LineTooLong", StringComparison.Ordinal));
        good.Send("c\n");
        good.Expect("c\r\n");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G3")]
    public void A_line_is_too_long_before_its_end_is_seen(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier);
        using IPeer peer = rig.Connect();
        peer.Send(new string('x', Longest));
        peer.Send("x");
        Assert.Equal("", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("disconnect 0: LineTooLong");
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G4")]
    public void The_longest_line_is_accepted_with_its_delimiter_in_two_packets(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo());
        using IPeer peer = rig.Connect();
        string longest = new('a', Longest);
        peer.Send($"{longest}\r");
        rig.Until(() => rig.Server.BytesIn == Longest + 1);
        peer.Send("\n");
        peer.Expect($"{longest}\r\n");
        Assert.Equal([longest], rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G11")]
    public void Text_that_the_end_cuts_off_is_counted_and_logged_but_no_line(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier);
        using IPeer peer = rig.Connect();
        peer.Send("a\nbcd");
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["a"], rig.Handler.LinesOf(0));
        Assert.Equal((1, 1), (rig.Server.LinesCutOff, rig.Server.LinesIn));
        LogEntry entry = Assert.Single(rig.Server.Log, entry => entry.Level == LogLevel.Debug);
        Assert.Contains("3 bytes", entry.Message, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    [Trait("Check", "G11")]
    public void Text_that_the_end_cuts_off_is_delivered_if_asked(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, format: new LineFormat { DeliversCutOff = true });
        using IPeer first = rig.Connect();
        first.Send("a\nbcd\r");
        first.Close();
        rig.Until("disconnect 0: Done");
        using IPeer second = rig.Connect();
        second.Send("e\n");
        second.Close();
        rig.Until("disconnect 1: Done");
        Assert.Equal(["a", "bcd"], rig.Handler.LinesOf(0));
        Assert.Equal(["e"], rig.Handler.LinesOf(1));
        Assert.Equal((1, 3), (rig.Server.LinesCutOff, rig.Server.LinesIn));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    [Trait("Check", "G11")]
    public void The_reply_to_text_that_was_cut_off_arrives(PollerKind poller)
    {
        using var rig = new SocketRig(
            poller, RecordingHandler.Echo(), format: new LineFormat { DeliversCutOff = true });
        using SocketPeer peer = rig.Connect();
        peer.Send("a\nb");
        peer.HalfClose();
        Assert.Equal("a\r\nb\r\n", peer.ReceiveToEnd());
    }
}
