namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public sealed class ProcessRelayTests
{
    private const int Limit = ProcessRelayRig.Limit;
    private const int Size = 3_000_000;

    /// <summary>The most that is under way at once: a read at each end, and what the pipe holds.</summary>
    private const int UnderWay = 4 * 65536;

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void All_bytes_pass_both_ways_first_those_that_had_arrived_and_no_handler_sees_them(PollerKind poller)
    {
        using var rig = new ProcessRelayRig(poller, "cat");
        rig.Peer.Send("relay\nno line\xff\r\n\n.");
        rig.Peer.Expect("no line\xff\r\n\n.");
        rig.Peer.Send("more\n");
        rig.Peer.Expect("more\n");
        rig.Peer.HalfClose();
        Assert.Equal("", rig.Peer.ReceiveToEnd());
        rig.Peer.Close();
        rig.Until("disconnect 0: Done");
        rig.UntilExited();

        Assert.Equal(["relay"], rig.Handler.LinesOf(0));
        Assert.Equal(["exit 0"], rig.ProcessHandler.Events);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Megabytes_pass_as_they_are_and_the_half_close_ends_the_input(PollerKind poller)
    {
        byte[] sent = new byte[Size];
        new Random(1).NextBytes(sent);
        using var rig = new ProcessRelayRig(poller, "gzip -1 | gzip -d");
        Task sending = Task.Run(() =>
        {
            rig.Peer.Send("relay\n");
            rig.Peer.Send(sent);
            rig.Peer.HalfClose();
        });
        byte[] received = rig.Peer.ReceiveBytes(Size);

        Assert.True(sent.AsSpan().SequenceEqual(received), "What has arrived is not what was sent.");
        Assert.Equal("", rig.Peer.ReceiveToEnd());
        await sending.Soon();
        Assert.Equal((Size, Size), (rig.Process.BytesIn, rig.Process.BytesOut));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void The_end_of_the_output_is_passed_on_and_the_input_stays_open(PollerKind poller)
    {
        using var rig = new ProcessRelayRig(poller, "echo first; exec >&-; read x; echo $x >&2; exit 3");
        rig.Peer.Send("relay\n");
        Assert.Equal("first\n", rig.Peer.ReceiveToEnd());

        rig.Peer.Send("still read\n");
        rig.UntilExited();

        Assert.Equal(["error: still read", "exit 3"], rig.ProcessHandler.Events);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void The_end_of_the_process_closes_the_connection_after_its_last_output(PollerKind poller)
    {
        using var rig = new ProcessRelayRig(poller, "head -c 300000 /dev/zero; echo last");
        rig.Peer.Send("relay\n");
        Assert.EndsWith("\0last\n", rig.Peer.ReceiveToEnd());
        rig.Peer.Close();
        rig.Until("disconnect 0: Done");
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_peer_that_does_not_read_holds_the_process_up(PollerKind poller)
    {
        using var rig = new ProcessRelayRig(poller, "yes");
        rig.Peer.Send("relay\n");
        rig.Until(() => rig.Connection?.UnsentBytes > Limit);
        for (int i = 0; i < 100; i++)
            rig.Do(() => Assert.InRange(rig.Connection.UnsentBytes, 0, Limit + UnderWay));

        Assert.Equal("y\ny\ny\n", rig.Peer.Receive(Size)[^6..]);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_process_that_does_not_read_holds_the_peer_up_and_nothing_is_lost(PollerKind poller)
    {
        using var rig = new ProcessRelayRig(poller, "kill -STOP $$; exec wc -c");
        Task sending = Task.Run(() =>
        {
            rig.Peer.Send("relay\n");
            rig.Peer.Send(new byte[10 * Size]);
            rig.Peer.HalfClose();
        });
        rig.Until(() => rig.Process?.UnsentBytes > Limit / 2 && ProcessRig.IsStopped(rig.Process.ProcessId));
        for (int i = 0; i < 100; i++)
            rig.Do(() => Assert.InRange(rig.Connection.BytesIn, Limit / 2, Limit + UnderWay));

        rig.Process.Signal(ProcessSignal.Parse("CONT"));
        Assert.Equal($"{10 * Size}\n", rig.Peer.ReceiveToEnd());
        await sending.Soon();
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void What_arrives_for_a_closed_input_holds_nothing_up(PollerKind poller)
    {
        using var rig = new ProcessRelayRig(poller, "exec <&-; echo closed; exec sleep 1000");
        rig.Peer.Send("relay\n");
        rig.Peer.Expect("closed\n");

        rig.Peer.Send(new byte[Size]);

        rig.Until(() => rig.Connection.BytesIn == Size + "relay\n".Length);
        Assert.Equal(ProcessStatus.Running, rig.Process.Status);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void The_loss_of_the_connection_stops_the_process(PollerKind poller)
    {
        using var rig = new ProcessRelayRig(poller, "echo ready; exec sleep 1000");
        rig.Peer.Send("relay\n");
        rig.Peer.Expect("ready\n");

        rig.Peer.Reset();
        rig.UntilExited();

        Assert.Equal(ProcessSignal.Terminate, rig.Process.ExitSignal);
        rig.Until("disconnect 0: Lost");
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_session_at_a_terminal_ends_with_ctrl_D_or_is_hung_up(PollerKind poller)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var rig = new ProcessRelayRig(poller, "stty size; cat; echo end", ProcessRig.Shell with { Terminal = TerminalSize.Default });
        rig.Peer.Send("relay\ntyped\n");
        rig.Peer.HalfClose();
        Assert.EndsWith("typed\r\nend\r\n", rig.Peer.ReceiveToEnd());

        using IPeer second = rig.Connect();
        second.Send("relay\n");
        second.Expect("24 80\r\n");
        second.Reset();
        rig.UntilExited();
        Assert.Equal(ProcessSignal.Hangup, rig.Process.ExitSignal);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void What_can_not_be_relayed_is_refused(PollerKind poller)
    {
        using var rig = new ProcessRelayRig(poller, "cat");
        rig.Peer.Send("relay\nx");
        rig.Peer.Expect("x");
        using IPeer other = rig.Connect();
        rig.Until("connect 1");
        LineConnection connection = rig.Connections[1];
        ReactorProcess ended = rig.Start(ProcessRig.Shell with { Input = [] });
        ProcessRig.UntilExited(ended);
        using var elsewhere = new ProcessRig();
        ReactorProcess foreign = elsewhere.Start(new ProcessOptions { FileName = "cat" });

        Refused(connection, rig.Process, "relayed already");
        Refused(connection, ended, "does not run");
        Refused(connection, foreign, "not on the same reactor");
        Refused(connection, connection.Owner, "neither a client nor a process");
        Refused(rig.Connection, rig.Start(new ProcessOptions { FileName = "cat" }), "relayed already");
    }

    private static void Refused(Connection connection, Service other, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidOperationException>(() => connection.RelayTo(other)).Message, StringComparison.Ordinal);
}
