using System.Buffers;

namespace TwistedPS.Tests;

public sealed class BackPressureTests : IDisposable
{
    private const int Limit = 1000;
    private const int MoreThanThePeerTakes = 65536 + Limit + 1;

    private readonly Reactor _reactor = new(time: new ManualClock());
    private readonly RecordingProtocol _nearProtocol = new();
    private readonly RecordingProtocol _farProtocol = new();
    private readonly Transport _near;
    private readonly Transport _far;

    public BackPressureTests()
    {
        (_near, _far) = MemoryPair.Create(_reactor.Loop);
        _near.Limit.Bytes = Limit;
        _near.Start(_nearProtocol);
        _far.Start(_farProtocol);
    }

    public void Dispose() => _reactor.Dispose();

    [Fact]
    public void As_much_as_the_limit_may_be_unsent()
    {
        _far.PauseReading();
        _near.Output!.Write(new byte[MoreThanThePeerTakes - 1]);
        _reactor.Turn();
        Assert.Equal(Limit, _near.UnsentBytes);
        Assert.False(_near.Limit.IsExceeded);
    }

    [Fact]
    public void Nothing_is_read_from_a_peer_that_does_not_read()
    {
        Block();
        Assert.True(_near.Limit.IsExceeded);
        _far.Output!.Write("abc"u8);
        _reactor.Turn();
        Assert.Equal("", _nearProtocol.Text);
    }

    [Fact]
    public void When_the_peer_reads_again_writing_and_reading_go_on()
    {
        Block();
        _far.Output!.Write("abc"u8);
        _reactor.Turn();
        _far.ResumeReading();
        _reactor.Turn();
        Assert.False(_near.Limit.IsExceeded);
        Assert.Equal(["made", "data", "write ready"], _nearProtocol.Events);
        Assert.Equal("abc", _nearProtocol.Text);
        Assert.Equal(MoreThanThePeerTakes, _farProtocol.Received.Length);
    }

    [Fact]
    public void A_pause_of_ones_own_outlasts_the_back_pressure()
    {
        Block();
        _near.PauseReading();
        _far.Output!.Write("abc"u8);
        _far.ResumeReading();
        _reactor.Turn();
        Assert.Equal("", _nearProtocol.Text);
        _near.ResumeReading();
        _reactor.Turn();
        Assert.Equal("abc", _nearProtocol.Text);
    }

    [Fact]
    public void The_end_of_the_peer_is_seen_when_it_reads_again()
    {
        Block();
        _far.Close(CloseReason.Done);
        _reactor.Turn();
        Assert.True(_nearProtocol.IsLost);
        Assert.Equal(CloseReason.Done, _nearProtocol.Reason);
        Assert.Equal(MoreThanThePeerTakes, _far.Traffic.BytesIn);
    }

    [Fact]
    public void A_reset_by_the_peer_is_seen_although_nothing_is_read()
    {
        Block();
        _far.Abort(CloseReason.Aborted);
        _reactor.Turn();
        Assert.Equal(["made", "lost"], _nearProtocol.Events);
        Assert.Equal(CloseReason.Lost, _nearProtocol.Reason);
    }

    private void Block()
    {
        _far.PauseReading();
        _near.Output!.Write(new byte[MoreThanThePeerTakes]);
        _reactor.Turn();
    }
}
