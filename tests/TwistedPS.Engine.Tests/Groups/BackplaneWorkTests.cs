namespace TwistedPS.Tests;

public sealed class BackplaneWorkTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly List<int> _done = [];

    [Fact]
    public async Task Work_is_done_in_its_order_also_if_some_of_it_waits()
    {
        await using BackplaneWork work = Begin();
        var gate = new TaskCompletionSource();
        work.Add(async _ =>
        {
            await gate.Task;
            _done.Add(1);
        });
        Add(work, 2);
        Task flushed = work.FlushAsync(default);
        Add(work, 3);
        Assert.False(flushed.IsCompleted);
        gate.SetResult();
        await flushed.WaitAsync(s_patience);
        await work.DisposeAsync().AsTask().WaitAsync(s_patience);
        Assert.Equal([1, 2, 3], _done);
    }

    [Fact]
    public async Task What_is_lost_with_the_connection_does_not_stop_the_rest()
    {
        await using BackplaneWork work = Begin();
        work.Add(_ => throw new InvalidOperationException());
        work.Add(_ => throw new IOException());
        Add(work, 1);
        await work.FlushAsync(default).WaitAsync(s_patience);
        Assert.Equal([1], _done);
    }

    [Fact]
    public async Task Messages_are_refused_while_too_many_wait_but_subscriptions_are_not()
    {
        await using BackplaneWork work = Begin();
        var gate = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        work.Add(async _ =>
        {
            begun.SetResult();
            await gate.Task;
        });
        await begun.Task.WaitAsync(s_patience);
        for (int i = 0; i < 100_000; i++)
            work.AddIfRoom(_ => default);
        var error = Assert.Throws<BackplaneException>(() => work.AddIfRoom(_ => default));
        Assert.Equal("100000 messages wait for the broker test already.", error.Message);
        Add(work, 1);
        gate.SetResult();
        await work.FlushAsync(default).WaitAsync(s_patience);
        Assert.Equal([1], _done);
    }

    [Fact]
    public async Task Its_end_does_not_wait_for_ever()
    {
        await using BackplaneWork work = Begin();
        work.Add(cancel => new ValueTask(Task.Delay(Timeout.Infinite, cancel)));
        Add(work, 1);
        await work.DisposeAsync().AsTask().WaitAsync(s_patience);
        Add(work, 2);
        Assert.Equal([1], _done);
    }

    private static BackplaneWork Begin() => new("test", error => error is InvalidOperationException);

    private void Add(BackplaneWork work, int number) => work.Add(_ =>
    {
        _done.Add(number);
        return default;
    });
}
