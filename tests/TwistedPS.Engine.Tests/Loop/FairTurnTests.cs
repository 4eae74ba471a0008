namespace TwistedPS.Tests;

/// <summary>No kind of work holds the others up for more than its time, which is 20 ms; each piece here takes 15.</summary>
public sealed class FairTurnTests : IDisposable
{
    private static readonly TimeSpan s_piece = TimeSpan.FromMilliseconds(15);

    private readonly ManualClock _clock = new();
    private readonly Reactor _reactor;
    private readonly List<string> _done = [];

    public FairTurnTests() => _reactor = new Reactor(time: _clock);

    public void Dispose() => _reactor.Dispose();

    [Fact]
    public void Posted_work_gives_way_to_calls_that_are_due()
    {
        for (int i = 1; i <= 4; i++)
        {
            string name = $"work {i}";
            _reactor.Post(() => Do(name));
        }

        _reactor.CallLater(TimeSpan.Zero, () => Do("call"));
        _reactor.Turn();
        Assert.Equal(["work 1", "work 2", "call", "work 3", "work 4"], _done);
    }

    [Fact]
    public void Calls_that_are_due_give_way_to_posted_work()
    {
        _reactor.CallLater(TimeSpan.Zero, () => _reactor.Post(() => Do("work")));
        for (int i = 1; i <= 4; i++)
        {
            string name = $"call {i}";
            _reactor.CallLater(TimeSpan.Zero, () => Do(name));
        }

        _reactor.Turn();
        Assert.Equal(["call 1", "call 2", "work", "call 3", "call 4"], _done);
    }

    [Fact]
    public void A_call_that_schedules_another_at_once_does_not_hold_a_turn_though_the_clock_stands_still()
    {
        void Again()
        {
            if (_done.Count == 1000)
                return;
            _done.Add("again");
            _reactor.CallLater(TimeSpan.Zero, Again);
        }

        _reactor.CallLater(TimeSpan.Zero, Again);
        Assert.True(_reactor.Iterate());
        Assert.Single(_done);
        _reactor.Post(() => _done.Add("posted"));
        Assert.True(_reactor.Iterate());
        Assert.Equal(["again", "posted", "again"], _done);
    }

    [Fact]
    public void Output_that_a_flush_makes_is_flushed_in_another_turn()
    {
        var endless = new Flushing(it =>
        {
            _done.Add("flush");
            _reactor.Loop.FlushLater(it);
        });
        _reactor.Loop.FlushLater(endless);
        Assert.True(_reactor.Iterate());
        Assert.Equal(2, _done.Count);
        Assert.True(_reactor.Iterate());
        Assert.Equal(4, _done.Count);
    }

    [Fact]
    public void After_short_messages_the_clock_is_read_for_each_fourth_only()
    {
        var slice = new TimeSlice(_clock);
        slice.Begin();
        Assert.False(slice.IsOverAfterMessage());
        _clock.Advance(TimeSpan.FromMilliseconds(25));
        Assert.Equal([false, false, false, true], Enumerable.Range(0, 4).Select(_ => slice.IsOverAfterMessage()));
    }

    [Fact]
    public void After_longer_messages_the_clock_is_read_for_each()
    {
        var slice = new TimeSlice(_clock);
        slice.Begin();
        for (int i = 1; i <= 4; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(5));
            Assert.Equal(i == 4, slice.IsOverAfterMessage());
        }
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Sockets_that_are_ready_give_way_to_posted_work(PollerKind poller)
    {
        var order = new List<string>();
        var clock = new ManualClock();
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                clock.Advance(2 * s_piece);
                order.Add(line);
                connection.Owner.Reactor.Post(() => order.Add("posted"));
            },
        };
        using var rig = new SocketRig(poller, handler, time: clock);
        SocketPeer[] peers = [.. Enumerable.Range(0, 3).Select(_ => rig.Connect())];
        rig.Until(() => rig.Server.ConnectionCount == peers.Length);
        rig.Do(() => Array.ForEach(peers, peer => peer.Send("line\n")));
        rig.Until(() => order.Count == 2 * peers.Length);
        Assert.Equal(["line", "posted", "line", "posted", "line", "posted"], order);
    }

    [Fact]
    public void The_lines_of_a_process_give_way_to_posted_work()
    {
        var order = new List<string>();
        ProcessRig? rig = null;
        var handler = new RecordingProcessHandler
        {
            OnOutput = _ =>
            {
                _clock.Advance(2 * s_piece);
                order.Add("line");
                rig!.Reactor.Post(() => order.Add("posted"));
            },
        };
        using (rig = new ProcessRig(_clock) { Handler = handler })
        {
            rig.Run("printf '1\\n2\\n3\\n'");
            rig.Do(() => Assert.Equal(["line", "posted", "line", "posted", "line", "posted"], order));
        }
    }

    private void Do(string name)
    {
        _done.Add(name);
        _clock.Advance(s_piece);
    }

    private sealed class Flushing(Action<IFlushable> flush) : IFlushable
    {
        public void Flush() => flush(this);
    }
}
