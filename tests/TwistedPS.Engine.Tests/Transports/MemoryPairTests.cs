using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

public sealed class MemoryPairTests : IDisposable
{
    private readonly ManualClock _time = new();
    private readonly Reactor _reactor;

    public MemoryPairTests() => _reactor = new Reactor(time: _time);

    public void Dispose() => _reactor.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Bytes_arrive_in_order_in_reads_of_any_size(int largestRead)
    {
        (Transport near, RecordingProtocol far, _) = Pair(new(), new(), largestRead);
        Write(near, "one two ");
        Write(near, "three");
        _reactor.Turn();
        Assert.Equal("one two three", far.Text);
        Assert.True(far.LargestRead <= largestRead);
    }

    [Fact]
    public void A_close_sends_everything_and_then_the_end()
    {
        var nearProtocol = new RecordingProtocol();
        (Transport near, RecordingProtocol far, _) = Pair(nearProtocol, new());
        byte[] bytes = Enumerable.Range(0, 500_000).Select(i => (byte)(i % 251)).ToArray();
        near.Output!.Write(bytes);
        near.Close(CloseReason.Done);
        _reactor.TurnUntil(() => nearProtocol.IsLost && far.IsLost);
        Assert.Equal(bytes, far.Received.ToArray());
        Assert.Equal((CloseReason.Done, CloseReason.Done), (nearProtocol.Reason, far.Reason));
        Assert.True(far.Events.IndexOf("ended") < far.Events.IndexOf("lost"));
        Assert.Null(far.Error);
    }

    [Fact]
    public void Nothing_can_be_written_after_a_close()
    {
        (Transport near, RecordingProtocol far, _) = Pair(new(), new());
        Write(near, "a");
        near.Close(CloseReason.Done);
        Assert.Null(near.Output);
        Assert.False(near.IsOpen);
        _reactor.Turn();
        Assert.Equal("a", far.Text);
    }

    [Fact]
    public void An_abort_is_a_loss_to_the_peer()
    {
        var nearProtocol = new RecordingProtocol();
        (Transport near, RecordingProtocol far, _) = Pair(nearProtocol, new());
        Write(near, "unsent");
        near.Abort(CloseReason.Aborted);
        _reactor.Turn();
        Assert.Equal((CloseReason.Aborted, CloseReason.Lost), (nearProtocol.Reason, far.Reason));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(far.Error).SocketErrorCode);
        Assert.False(far.HasEnded);
        Assert.Equal("", far.Text);
    }

    [Fact]
    public void After_the_end_of_the_peer_there_is_still_a_way_to_it()
    {
        var nearProtocol = new RecordingProtocol { ClosesAtEnd = false };
        (Transport near, RecordingProtocol far, Transport farTransport) = Pair(nearProtocol, new());
        farTransport.Close(CloseReason.Done);
        _reactor.Turn();
        Assert.True(nearProtocol.HasEnded);
        Assert.True(near.IsOpen);
        Write(near, "last words");
        _reactor.Turn();
        Assert.Equal(10, farTransport.Traffic.BytesIn);
        Assert.False(far.IsLost);
        near.Close(CloseReason.Done);
        _reactor.Turn();
        Assert.Equal((CloseReason.Done, CloseReason.Done), (nearProtocol.Reason, far.Reason));
    }

    [Fact]
    public void The_first_reason_stays()
    {
        var nearProtocol = new RecordingProtocol();
        (Transport near, _, _) = Pair(nearProtocol, new());
        var error = new FormatException();
        near.Close(CloseReason.HandlerError, error);
        near.Close(CloseReason.Done);
        near.Abort(CloseReason.Aborted);
        _reactor.Turn();
        Assert.Equal(CloseReason.HandlerError, near.Reason);
        Assert.Equal(CloseReason.HandlerError, nearProtocol.Reason);
        Assert.Same(error, nearProtocol.Error);
    }

    [Fact]
    public void The_loss_is_told_once_and_not_within_another_call()
    {
        var nearProtocol = new RecordingProtocol
        {
            OnData = transport =>
            {
                transport.Abort(CloseReason.Aborted);
                transport.Abort(CloseReason.Aborted);
                transport.Close(CloseReason.Done);
            },
        };
        (_, RecordingProtocol far, Transport farTransport) = Pair(nearProtocol, new());
        Write(farTransport, "a");
        _reactor.Turn();
        Assert.Equal(["made", "data", "lost"], nearProtocol.Events);
        Assert.Equal(["made", "lost"], far.Events);
    }

    [Fact]
    public void A_connection_aborted_as_it_is_made_is_lost_in_order()
    {
        var nearProtocol = new RecordingProtocol { OnMade = transport => transport.Abort(CloseReason.Aborted) };
        Pair(nearProtocol, new());
        _reactor.Turn();
        Assert.Equal(["made", "lost"], nearProtocol.Events);
    }

    [Fact]
    public void A_peer_that_does_not_close_is_left_after_the_drain_time()
    {
        var nearProtocol = new RecordingProtocol();
        (Transport near, RecordingProtocol far, _) = Pair(nearProtocol, new() { ClosesAtEnd = false });
        near.DrainTime = TimeSpan.FromSeconds(3);
        near.Close(CloseReason.Done);
        Advance(2.9);
        Assert.True(far.HasEnded);
        Assert.False(nearProtocol.IsLost);
        Advance(0.1);
        Assert.Equal(CloseReason.Done, nearProtocol.Reason);
        Assert.True(nearProtocol.IsLost);
    }

    [Fact]
    public void A_peer_that_does_not_read_is_dropped_after_the_drain_time()
    {
        var nearProtocol = new RecordingProtocol();
        (Transport near, RecordingProtocol far, Transport farTransport) = Pair(nearProtocol, new());
        farTransport.PauseReading();
        near.Output!.Write(new byte[200_000]);
        near.Close(CloseReason.Done);
        Advance(4.9);
        Assert.False(nearProtocol.IsLost);
        Advance(0.1);
        Assert.True(nearProtocol.IsLost);
        Assert.Equal(CloseReason.Lost, far.Reason);
    }

    [Fact]
    public void A_peer_that_reads_slowly_gets_everything_before_the_close()
    {
        var nearProtocol = new RecordingProtocol();
        var farProtocol = new RecordingProtocol { OnData = transport => transport.PauseReading() };
        (Transport near, _, Transport far) = Pair(nearProtocol, farProtocol);
        near.Output!.Write(new byte[300_000]);
        near.Close(CloseReason.Done);
        for (int i = 0; i < 20 && !farProtocol.HasEnded; i++)
        {
            Advance(3);
            far.ResumeReading();
        }

        _reactor.Turn();
        Assert.Equal((CloseReason.Done, CloseReason.Done), (nearProtocol.Reason, farProtocol.Reason));
        Assert.Equal(300_000, farProtocol.Received.Length);
    }

    [Fact]
    public void Bytes_are_counted_both_ways()
    {
        (Transport near, _, Transport far) = Pair(new(), new());
        Write(near, "12345");
        Write(far, "123");
        _reactor.Turn();
        Assert.Equal((3, 5), (near.Traffic.BytesIn, near.Traffic.BytesOut));
        Assert.Equal((5, 3), (far.Traffic.BytesIn, far.Traffic.BytesOut));
        Assert.Equal(0, near.UnsentBytes);
    }

    [Fact]
    public void The_last_activity_is_when_a_byte_came_or_went()
    {
        (Transport near, _, Transport far) = Pair(new(), new());
        Advance(1);
        Assert.Equal(0, near.Traffic.LastActivity);
        Write(near, "a");
        Advance(0);
        Assert.Equal(TimeSpan.FromSeconds(1).Ticks, near.Traffic.LastActivity);
        Advance(1);
        Write(far, "a");
        Advance(0);
        Assert.Equal(TimeSpan.FromSeconds(2).Ticks, near.Traffic.LastActivity);
    }

    private static void Write(Transport transport, string text) =>
        transport.Output!.Write(Encoding.UTF8.GetBytes(text));

    private (Transport Near, RecordingProtocol Far, Transport FarTransport) Pair(
        RecordingProtocol nearProtocol, RecordingProtocol farProtocol, int largestRead = 65536)
    {
        (Transport near, Transport far) = MemoryPair.Create(_reactor.Loop, largestRead);
        near.Start(nearProtocol);
        far.Start(farProtocol);
        return (near, farProtocol, far);
    }

    private void Advance(double seconds)
    {
        _reactor.Turn();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _reactor.Turn();
    }
}
