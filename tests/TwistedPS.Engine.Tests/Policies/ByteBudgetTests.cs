namespace TwistedPS.Tests;

public sealed class ByteBudgetTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Reactor _reactor;

    public ByteBudgetTests() => _reactor = new Reactor(time: _clock);

    public void Dispose() => _reactor.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(19)]
    [InlineData(1000)]
    [InlineData(999_983)]
    [InlineData(int.MaxValue)]
    public void Who_always_wants_more_gets_the_rate_and_never_more_than_a_fifth_of_a_second_at_once(int rate)
    {
        var greedy = new Greedy(_reactor.Loop, Budget(rate));
        greedy.Go();
        int burst = Math.Max(rate / 5, 2);
        Assert.InRange(greedy.Used, 1, burst);
        for (int seconds = 1; seconds <= 20; seconds++)
        {
            Advance(1);
            long allowed = (long)seconds * rate;
            Assert.InRange(greedy.Used, allowed, allowed + burst);
            Assert.True(greedy.Largest <= burst);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(100_000_000)]
    public void It_wakes_up_twenty_times_a_second_at_most(int rate)
    {
        var greedy = new Greedy(_reactor.Loop, Budget(rate));
        greedy.Go();
        Advance(10);
        Assert.InRange(greedy.Turns, 5, 201);
    }

    [Fact]
    public void Nothing_wakes_it_up_while_nobody_waits()
    {
        ByteBudget budget = Budget(1000);
        var share = new BudgetShare(_reactor.Loop, budget, () => { });
        share.Spend(share.Available / 2);
        Assert.Null(_reactor.Loop.NextDue);
    }

    [Fact]
    public void What_nobody_uses_is_not_saved()
    {
        ByteBudget budget = Budget(1000);
        Advance(3600);
        Assert.Equal(200, new BudgetShare(_reactor.Loop, budget, () => { }).Available);
    }

    [Theory]
    [InlineData(2, 1000)]
    [InlineData(30, 1000)]
    [InlineData(30, 40)]
    public void Those_who_wait_get_equal_shares(int count, int rate)
    {
        ByteBudget budget = Budget(rate);
        Greedy[] all = [.. Enumerable.Range(0, count).Select(_ => new Greedy(_reactor.Loop, budget))];
        foreach (Greedy greedy in all)
            greedy.Go();
        long before = all.Sum(greedy => greedy.Used);
        long[] had = [.. all.Select(greedy => greedy.Used)];
        Advance(60);
        Assert.InRange(all.Sum(greedy => greedy.Used) - before, (59.8 * rate) - 1, (60.2 * rate) + 1);
        long[] got = [.. all.Select((greedy, i) => greedy.Used - had[i])];
        Assert.InRange(got.Max() - got.Min(), 0, 60.0 * rate / count / 10);
    }

    [Fact]
    public void Who_comes_later_does_not_overtake_those_who_wait()
    {
        ByteBudget budget = Budget(1000);
        var first = new Greedy(_reactor.Loop, budget);
        first.Go();
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        int got = 0;
        BudgetShare share = null!;
        share = new BudgetShare(_reactor.Loop, budget, () => got = share.Available);
        Assert.Equal(0, share.Available);
        Advance(0.05);
        Assert.InRange(got, 20, 30);
    }

    [Fact]
    public void Who_has_left_is_not_told_anything()
    {
        ByteBudget budget = Budget(1000);
        int told = 0;
        var share = new BudgetShare(_reactor.Loop, budget, () => told++);
        share.Spend(share.Available);
        Assert.Equal(0, share.Available);
        share.Leave();
        Advance(1);
        Assert.Equal(0, told);
        Assert.Null(_reactor.Loop.NextDue);
    }

    [Fact]
    public void Two_budgets_allow_what_both_allow()
    {
        ByteBudget shared = Budget(1000);
        var small = new Greedy(_reactor.Loop, Budget(100), shared);
        var large = new Greedy(_reactor.Loop, Budget(10_000), shared);
        small.Go();
        large.Go();
        Advance(60);
        Assert.InRange(small.Used, 60 * 95, (60 * 100) + 20);
        Assert.InRange(small.Used + large.Used, 60 * 990, (60 * 1000) + 200);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task One_who_shares_it_from_another_loop_is_told_there(PollerKind poller)
    {
        using var near = new RunningReactor(poller);
        using var far = new RunningReactor(poller);
        var budget = new ByteBudget(near.Reactor.Loop, 1000);
        var told = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var share = new BudgetShare(far.Reactor.Loop, budget, () => told.TrySetResult(far.Reactor.IsCurrent));
        far.Invoke(() =>
        {
            while (share.Available is > 0 and var bytes)
                share.Spend(bytes);
        });
        Assert.True(await told.Task.Soon());
        Assert.InRange(far.Invoke(() => share.Available), 1, 200);
    }

    private ByteBudget Budget(int rate) => new(_reactor.Loop, rate);

    private void Advance(double seconds) => _reactor.Loop.Advance(_clock, TimeSpan.FromSeconds(seconds));

    /// <summary>Uses all that it gets, at once.</summary>
    private sealed class Greedy
    {
        private readonly ThrottledFlow _flow;

        public Greedy(EventLoop loop, params ByteBudget[] budgets) => _flow = new ThrottledFlow(loop, budgets, Go);

        public long Used { get; private set; }

        public int Largest { get; private set; }

        public int Turns { get; private set; }

        public void Go()
        {
            Turns++;
            int got = 0;
            while (_flow.Allow(int.MaxValue) is > 0 and var allowed)
            {
                _flow.Spend(allowed);
                got += allowed;
            }

            Used += got;
            Largest = Math.Max(Largest, got);
            Assert.True(_flow.IsWaiting);
        }
    }
}
