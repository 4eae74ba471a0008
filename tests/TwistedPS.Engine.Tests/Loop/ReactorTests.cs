namespace TwistedPS.Tests;

public sealed class ReactorTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Work_posted_from_another_thread_wakes_a_sleeping_loop(PollerKind poller)
    {
        using var running = new RunningReactor(poller);
        for (int i = 0; i < 300; i++)
            Assert.Equal(i, await running.Reactor.InvokeAsync(() => i).Soon());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Work_posted_by_many_threads_is_done_once_and_in_the_order_of_each(PollerKind poller)
    {
        using var running = new RunningReactor(poller);
        var done = new List<(int Thread, int Number)>();
        Thread[] threads = Enumerable.Range(0, 4).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < 2000; i++)
            {
                int number = i;
                running.Reactor.Post(() => done.Add((thread, number)));
            }
        })).ToArray();
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            Assert.True(thread.Join(Waiting.Limit));
        running.Invoke(() => { });
        Assert.Equal(8000, done.Count);
        for (int thread = 0; thread < threads.Length; thread++)
            Assert.Equal(Enumerable.Range(0, 2000), done.Where(it => it.Thread == thread).Select(it => it.Number));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task What_work_throws_goes_to_whoever_waits_for_it(PollerKind poller)
    {
        using var running = new RunningReactor(poller);
        Task<int> failing = running.Reactor.InvokeAsync<int>(() => throw new FormatException("no"));
        Assert.Equal("no", (await Assert.ThrowsAsync<FormatException>(() => failing.Soon())).Message);
        Assert.Equal(1, await running.Reactor.InvokeAsync(() => 1).Soon());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Work_asked_for_on_the_loops_own_thread_is_done_at_once(PollerKind poller)
    {
        using var running = new RunningReactor(poller);
        Task<int>? inner = null;
        bool wasDone = false;
        running.Invoke(() =>
        {
            Assert.True(running.Reactor.IsCurrent);
            inner = running.Reactor.InvokeAsync(() => 5);
            wasDone = inner.IsCompletedSuccessfully;
        });
        Assert.True(wasDone);
        Assert.False(running.Reactor.IsCurrent);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Run_ends_when_its_condition_holds(PollerKind poller)
    {
        using var reactor = new Reactor(poller);
        int done = 0;
        for (int i = 0; i < 3; i++)
            reactor.Post(() => done++);
        Assert.True(await Task.Run(() => reactor.Run(until: () => done == 3)).Soon());
        Assert.Equal(3, done);
        Assert.False(reactor.IsRunning);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Run_ends_when_its_time_is_up(PollerKind poller)
    {
        using var reactor = new Reactor(poller);
        var time = TimeSpan.FromMilliseconds(30);
        Assert.False(await Task.Run(() => reactor.Run(until: () => false, time)).Soon());
        Assert.True(await Task.Run(() => reactor.Run(until: () => true, time)).Soon());
    }

    [Fact]
    public async Task Run_ends_when_its_time_is_up_although_its_clock_stands_still()
    {
        using var reactor = new Reactor(time: new ManualClock());
        Assert.False(await Task.Run(() => reactor.Run(until: () => false, TimeSpan.FromMilliseconds(30))).Soon());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void The_longest_timeout_there_is_does_not_end_at_once(PollerKind poller)
    {
        using var reactor = new Reactor(poller);
        int turns = 0;
        Assert.True(reactor.Run(() =>
        {
            reactor.Post(() => { });
            return ++turns == 10;
        }, TimeSpan.MaxValue));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_delayed_call_wakes_a_sleeping_loop(PollerKind poller)
    {
        using var reactor = new Reactor(poller);
        bool made = false;
        reactor.CallLater(TimeSpan.FromMilliseconds(30), () => made = true);
        Assert.True(await Task.Run(() => reactor.Run(() => made)).Soon());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Cancelling_ends_a_sleeping_loop(PollerKind poller)
    {
        using var reactor = new Reactor(poller);
        using var cancel = new CancellationTokenSource();
        Task<bool> run = Task.Run(() => reactor.Run(cancel: cancel.Token));
        await reactor.InvokeAsync(() => 1).Soon();
        await cancel.CancelAsync();
        Assert.True(await run.Soon());
        Assert.False(reactor.IsStopped);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Stop_ends_a_sleeping_loop_for_good(PollerKind poller)
    {
        using var reactor = new Reactor(poller);
        Task<bool> run = Task.Run(() => reactor.Run());
        await reactor.InvokeAsync(() => 1).Soon();
        reactor.Stop();
        Assert.True(await run.Soon());
        Assert.True(reactor.IsStopped);
        Assert.True(reactor.Run());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_task_that_ends_elsewhere_ends_a_sleeping_loop(PollerKind poller)
    {
        using var reactor = new Reactor(poller);
        var source = new TaskCompletionSource();
        Task<bool> run = Task.Run(() => reactor.Loop.RunUntil(source.Task, timeout: null));
        await reactor.InvokeAsync(() => 1).Soon();
        source.SetResult();
        Assert.True(await run.Soon());
    }

    [Fact]
    public void Iterate_says_whether_there_was_anything_to_do()
    {
        var time = new ManualClock();
        using var reactor = new Reactor(time: time);
        Assert.False(reactor.Iterate());
        reactor.Post(() => { });
        Assert.True(reactor.Iterate());
        reactor.CallLater(TimeSpan.FromSeconds(1), () => { });
        Assert.False(reactor.Iterate());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(reactor.Iterate());
        Assert.False(reactor.Iterate());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task It_runs_once_at_a_time(PollerKind poller)
    {
        using var running = new RunningReactor(poller);
        await running.Reactor.InvokeAsync(() => 1).Soon();
        Assert.Throws<InvalidOperationException>(() => running.Reactor.Run());
        Assert.Throws<InvalidOperationException>(() => running.Invoke(() => running.Reactor.Run()));
        running.Invoke(() => { });
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void Stop_after_Dispose_does_nothing(PollerKind poller)
    {
        var reactor = new Reactor(poller);
        reactor.Dispose();
        reactor.Stop();
        reactor.Post(() => { });
        Assert.True(reactor.IsStopped);
    }
}
