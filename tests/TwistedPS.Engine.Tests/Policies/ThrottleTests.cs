namespace TwistedPS.Tests;

public sealed class ThrottleTests
{
    private const int Rate = 10_000;
    private const int Burst = Rate / 5;
    private const int Round = Rate / 20;

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Output_keeps_to_the_rate_and_arrives_whole(Carrier carrier)
    {
        byte[] bytes = Bytes(35_000);
        var handler = new RecordingHandler { OnConnect = connection => connection.Write(bytes) };
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, handler, new ServerOptions { BytesPerSecond = Rate });
        using IPeer peer = rig.Connect();
        rig.Until("connect 0");
        LineConnection connection = rig.Server.Connections[0];
        rig.Until(() => connection.BytesOut == Burst);
        for (int step = 1; step <= 100; step++)
        {
            Advance(rig, clock, 0.01);
            rig.Do(() => Assert.InRange(connection.BytesOut, (step * Rate / 100) + Burst - Round - (Rate / 50), (step * Rate / 100) + Burst));
            rig.Do(() => Assert.Equal(bytes.Length - connection.BytesOut, connection.UnsentBytes));
        }

        rig.TickUntil(clock, () => connection.BytesOut == bytes.Length);
        Assert.Equal(bytes, peer.ReceiveBytes(bytes.Length));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Input_keeps_to_the_rate_and_arrives_whole(Carrier carrier)
    {
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, new RecordingHandler(), new ServerOptions { BytesPerSecond = Rate });
        using IPeer peer = rig.Connect();
        string[] lines = [.. Enumerable.Range(0, 3000).Select(i => $"line {i}")];
        peer.Send(string.Concat(lines.Select(line => $"{line}\n")));
        rig.Until("connect 0");
        LineConnection connection = rig.Server.Connections[0];
        for (int step = 1; step <= 100; step++)
        {
            Advance(rig, clock, 0.01);
            rig.Do(() => Assert.InRange(connection.BytesIn, 0, (step * Rate / 100) + Burst));
            rig.Until(() => connection.BytesIn >= step * Rate / 100);
        }

        rig.TickUntil(clock, () => rig.Handler.LinesOf(0).Length == lines.Length);
        Assert.Equal(lines, rig.Handler.LinesOf(0));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void Either_way_has_a_rate_of_its_own(Carrier carrier)
    {
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, RecordingHandler.Echo(), new ServerOptions { BytesPerSecond = Rate });
        using IPeer peer = rig.Connect();
        string text = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i}{new string('x', 97)}\r\n"));
        peer.Send(text);
        rig.Until("connect 0");
        rig.TickUntil(clock, () => rig.Server.BytesOut == text.Length);
        Assert.True(clock.Elapsed.TotalSeconds > 0.7);
        if (carrier == Carrier.Memory)
            Assert.True(clock.Elapsed.TotalSeconds < 1.2);
        peer.Expect(text);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void All_connections_of_a_server_share_its_rate(Carrier carrier)
    {
        byte[] bytes = Bytes(100_000);
        var handler = new RecordingHandler { OnConnect = connection => connection.Write(bytes) };
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, handler, new ServerOptions { ServerBytesPerSecond = Rate });
        IPeer[] peers = [.. Enumerable.Range(0, 4).Select(_ => rig.Connect())];
        rig.Until(() => rig.Server.ConnectionCount == 4);
        long before = rig.Server.BytesOut;
        rig.TickFor(clock, 10);
        rig.Do(() => Assert.InRange(rig.Server.BytesOut - before, (10 * Rate) - Burst, (10 * Rate) + Burst));
        rig.Do(() => Assert.All(rig.Server.Connections, connection => Assert.InRange(connection.BytesOut, 20_000, 30_000)));
        foreach (IPeer peer in peers)
            peer.Dispose();
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_close_sends_everything_however_long_that_takes(Carrier carrier)
    {
        byte[] bytes = Bytes(5000);
        var handler = new RecordingHandler
        {
            OnConnect = connection =>
            {
                connection.Write(bytes);
                connection.Close();
            },
        };
        var options = new ServerOptions { BytesPerSecond = 1000, DrainTime = TimeSpan.FromSeconds(1) };
        using Rig rig = Rig.CreateTimed(carrier, out ManualClock clock, handler, options);
        using IPeer peer = rig.Connect();
        rig.Until("connect 0");
        rig.TickUntil(clock, () => rig.Server.Connections is [{ UnsentBytes: 0 }]);
        Assert.InRange(clock.Elapsed.TotalSeconds, 4.7, 5);
        Assert.Equal(bytes, peer.ReceiveBytes(bytes.Length));
        peer.Close();
        rig.Until("disconnect 0: Done");
    }

    [Fact]
    public void Who_waits_for_a_share_longer_than_a_close_may_take_is_neither_cut_off_nor_idle()
    {
        var handler = new RecordingHandler
        {
            OnConnect = connection => connection.Write(new byte[100]),
            OnLine = (connection, _) => connection.Close(),
        };
        var options = new ServerOptions { ServerBytesPerSecond = 10, DrainTime = TimeSpan.FromSeconds(1), IdleTimeout = TimeSpan.FromSeconds(2) };
        using var rig = new MemoryRig(handler, options);
        MemoryPeer[] peers = [.. Enumerable.Range(0, 40).Select(_ => rig.Connect())];
        rig.Reactor.Loop.Advance(rig.Time, TimeSpan.FromSeconds(3));
        Assert.Equal(40, rig.Server.ConnectionCount);
        rig.Do(() => Array.ForEach(rig.Server.Connections, connection => connection.Close()));
        rig.Reactor.Loop.Advance(rig.Time, TimeSpan.FromSeconds(450));
        rig.Reactor.Turn();
        Assert.All(peers, peer => Assert.Equal(100, peer.ReceiveBytes(100).Length));
        Assert.All(peers, peer => Assert.True(peer.HasEnded));
        Assert.All(Enumerable.Range(0, 40), i => Assert.True(rig.Handler.Has($"disconnect {i}: Done")));
    }

    [Fact]
    public void A_peer_that_does_not_read_is_cut_off_after_the_drain_time_all_the_same()
    {
        var handler = new RecordingHandler
        {
            OnConnect = connection =>
            {
                connection.Write(new byte[500_000]);
                connection.Close();
            },
        };
        using var rig = new MemoryRig(handler, new ServerOptions { BytesPerSecond = 100_000, DrainTime = TimeSpan.FromSeconds(3) });
        MemoryPeer peer = rig.Connect();
        peer.StopReading();
        for (int i = 0; i < 40 && !rig.Handler.Has("disconnect 0: Done"); i++)
            rig.Advance(0.1);
        Assert.True(rig.Handler.Has("disconnect 0: Done"));
        Assert.InRange(rig.Time.Elapsed.TotalSeconds, 3.3, 4);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_is_held_back_counts_as_unsent(Carrier carrier)
    {
        var options = new ServerOptions { BytesPerSecond = Rate, SendBufferLimit = 50_000 };
        using Rig rig = Rig.CreateTimed(carrier, out _, new RecordingHandler(), options);
        using IPeer peer = rig.Connect();
        rig.Until("connect 0");
        for (int i = 0; i < 3; i++)
            rig.Server.Broadcast(new string('x', 20_000), () => rig.Server.Connections);
        rig.Until("disconnect 0: SlowReader");
    }

    [Fact]
    public void Nothing_turns_while_the_time_has_not_come()
    {
        var handler = new RecordingHandler { OnConnect = connection => connection.Write(new byte[100_000]) };
        using var rig = new MemoryRig(handler, new ServerOptions { BytesPerSecond = Rate });
        MemoryPeer peer = rig.Connect();
        peer.Send(Bytes(100_000));
        rig.Reactor.Turn();
        long steps = rig.Reactor.Loop.Steps;
        rig.Reactor.Turn();
        Assert.Equal(steps, rig.Reactor.Loop.Steps);
        rig.Reactor.Loop.Advance(rig.Time, TimeSpan.FromSeconds(1));
        Assert.InRange(rig.Reactor.Loop.Steps - steps, 40, 200);
    }

    [Theory]
    [ClassData(typeof(ResettingCarriers))]
    public void What_has_arrived_before_a_loss_is_handled_without_a_wait(Carrier carrier)
    {
        if (carrier == Carrier.Pool && OperatingSystem.IsWindows())
            return;
        using Rig rig = Rig.CreateTimed(carrier, out _, new RecordingHandler(), new ServerOptions { BytesPerSecond = 1000 });
        IPeer peer = rig.Connect();
        peer.Send(string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i}\n")));
        rig.Until(() => rig.Server.BytesIn == 200);
        peer.Reset();
        rig.Until("disconnect 0: Lost");
        Assert.Equal(1000, rig.Handler.LinesOf(0).Length);
    }

    [Fact]
    public void Without_a_limit_there_is_no_throttle()
    {
        using var rig = new MemoryRig();
        Assert.Null(rig.Server.Throttle);
        Assert.Null(rig.Server.Traffic);
    }

    internal static void Advance(Rig rig, ManualClock clock, double seconds)
    {
        rig.Do(() => clock.Advance(TimeSpan.FromSeconds(seconds)));
        for (int turn = 0; turn < 3; turn++)
            rig.Do(() => { });
    }

    internal static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
