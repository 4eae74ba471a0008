namespace TwistedPS.Tests;

public sealed class DelayedCallTests : IDisposable
{
    private readonly ManualClock _time = new();
    private readonly Reactor _reactor;
    private readonly List<int> _made = [];

    public DelayedCallTests() => _reactor = new Reactor(time: _time);

    public void Dispose() => _reactor.Dispose();

    [Fact]
    public void A_call_is_made_once_when_it_is_due()
    {
        DelayedCall call = After(2, 1);
        Advance(1.999);
        Assert.Empty(_made);
        Assert.True(call.IsActive);
        Advance(0.001);
        Advance(10);
        Assert.Equal([1], _made);
        Assert.False(call.IsActive);
    }

    [Fact]
    public void A_call_is_due_after_its_delay_exactly()
    {
        for (long ticks = 0; ticks < 1000; ticks++)
            Assert.Equal(ticks, _reactor.CallLater(TimeSpan.FromTicks(ticks), () => { }).Due);
    }

    [Fact]
    public void Calls_are_made_in_the_order_in_which_they_are_due()
    {
        After(3, 3);
        After(1, 1);
        After(2, 2);
        Advance(5);
        Assert.Equal([1, 2, 3], _made);
    }

    [Fact]
    public void Calls_due_at_once_are_made_in_the_order_in_which_they_were_asked_for()
    {
        for (int i = 0; i < 500; i++)
            After(1, i);
        Advance(1);
        Assert.Equal(Enumerable.Range(0, 500), _made);
    }

    [Fact]
    public void A_cancelled_call_is_not_made()
    {
        DelayedCall cancelled = After(1, 1);
        After(1, 2);
        cancelled.Cancel();
        cancelled.Cancel();
        Advance(1);
        Assert.Equal([2], _made);
        Assert.False(cancelled.IsActive);
    }

    [Fact]
    public void Cancelling_a_call_that_was_made_does_nothing()
    {
        DelayedCall made = After(1, 1);
        Advance(1);
        made.Cancel();
        After(1, 2);
        Advance(1);
        Assert.Equal([1, 2], _made);
    }

    [Fact]
    public void A_call_may_cancel_one_that_is_due_with_it()
    {
        DelayedCall? second = null;
        _reactor.CallLater(TimeSpan.FromSeconds(1), () => second!.Cancel());
        second = After(1, 2);
        After(1, 3);
        Advance(1);
        Assert.Equal([3], _made);
    }

    [Fact]
    public void Those_that_stay_keep_their_order_when_most_are_cancelled()
    {
        DelayedCall[] calls = Enumerable.Range(0, 1000).Select(i => After(1 + (i % 3), i)).ToArray();
        for (int i = 0; i < calls.Length; i++)
        {
            if (i % 10 != 0)
                calls[i].Cancel();
        }

        Advance(5);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i * 10).OrderBy(i => i % 3).ThenBy(i => i), _made);
    }

    [Fact]
    public void Cancelled_calls_do_not_pile_up()
    {
        var kept = new List<WeakReference>();
        for (int i = 0; i < 1000; i++)
            kept.Add(CancelOneThatHolds(new byte[1]));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.True(kept.Count(reference => reference.IsAlive) <= kept.Count / 2);
    }

    [Fact]
    public void A_call_asked_for_in_a_call_is_made_in_its_turn()
    {
        _reactor.CallLater(TimeSpan.FromSeconds(1), () =>
        {
            _made.Add(1);
            After(1, 2);
        });
        Advance(1);
        Assert.Equal([1], _made);
        Advance(1);
        Assert.Equal([1, 2], _made);
    }

    [Fact]
    public void The_longest_time_there_is_is_not_due_at_once()
    {
        _reactor.CallLater(TimeSpan.MaxValue, () => _made.Add(1));
        Advance(1);
        Assert.Empty(_made);
    }

    private WeakReference CancelOneThatHolds(byte[] held)
    {
        DelayedCall call = _reactor.CallLater(TimeSpan.FromHours(1), () => _made.Add(held.Length));
        call.Cancel();
        return new WeakReference(held);
    }

    private DelayedCall After(double seconds, int number) =>
        _reactor.CallLater(TimeSpan.FromSeconds(seconds), () => _made.Add(number));

    private void Advance(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _reactor.Turn(2);
    }
}
