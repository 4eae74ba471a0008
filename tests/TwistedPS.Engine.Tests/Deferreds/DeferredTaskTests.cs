namespace TwistedPS.Tests;

public sealed class DeferredTaskTests : IDisposable
{
    private readonly DeferredRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_task_takes_the_result_over()
    {
        Deferred deferred = _rig.New();
        Task<object?> task = deferred.AsTask();
        _rig.Do(() => deferred.Succeed(1));
        Assert.Equal(1, await task.Soon());
        Assert.Null(deferred.Result);
        Assert.Equal(DeferredStatus.Succeeded, deferred.Status);
    }

    [Fact]
    public async Task A_task_takes_the_error_over()
    {
        var error = new FormatException();
        Deferred deferred = _rig.Failed(error);
        Task<object?> task = deferred.AsTask();
        Assert.False(task.IsCompleted);
        _rig.Reactor.Iterate();
        Assert.Same(error, await Assert.ThrowsAsync<FormatException>(() => task.Soon()));
        Assert.Null(deferred.Error);
    }

    [Fact]
    public async Task A_task_of_one_that_is_cancelled_is_cancelled()
    {
        Deferred deferred = _rig.New();
        Task<object?> task = deferred.AsTask();
        _rig.Do(deferred.Cancel);
        await Assert.ThrowsAsync<TaskCanceledException>(() => task.Soon());
        Assert.True(task.IsCanceled);
    }

    [Fact]
    public async Task Whoever_waits_for_one_whose_reactor_ends_is_told()
    {
        Deferred deferred = _rig.New();
        Task[] tasks = [deferred.AsTask(), deferred.Fired];
        _rig.Dispose();
        foreach (Task task in tasks.Append(deferred.AsTask()).Append(deferred.Fired))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task.Soon());
    }

    [Fact]
    public async Task Fired_ends_when_the_chain_is_through_and_handles_nothing()
    {
        Deferred inner = _rig.New();
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(_ => inner, null);
        Task fired = deferred.Fired;
        _rig.Do(() => deferred.Succeed());
        Assert.False(fired.IsCompleted);
        _rig.Do(() => inner.Fail(new FormatException()));
        await fired.Soon();
        Assert.IsType<FormatException>(deferred.Error);
        Assert.True(deferred.Fired.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Fired_waits_again_when_the_chain_does()
    {
        Deferred deferred = _rig.Succeeded();
        Deferred inner = _rig.New();
        Assert.True(deferred.Fired.IsCompletedSuccessfully);
        deferred.AddCallbacks(_ => inner, null);
        Task fired = deferred.Fired;
        Assert.False(fired.IsCompleted);
        _rig.Do(() => inner.Succeed());
        await fired.Soon();
    }

    [Fact]
    public async Task Fired_ends_for_whoever_asks_while_it_fires()
    {
        Deferred[] deferreds = Racing.Each(() => _rig.New());
        Task[] fired = Racing.Each(() => Task.CompletedTask);
        Task race = null!;
        _rig.Do(() => race = Racing.Run(
            round => deferreds[round].Succeed(),
            round =>
            {
                // Sometimes a little earlier, sometimes a little later, to meet every step of the other.
                Thread.SpinWait(round % 100);
                fired[round] = deferreds[round].Fired;
            }));
        await race;
        await Task.WhenAll(fired).Soon();
    }

    [Fact]
    public async Task The_value_of_a_task_is_the_result_on_the_reactors_thread()
    {
        var source = new TaskCompletionSource<int>();
        bool wasThere = false;
        var deferred = Deferred.FromTask(_rig.Reactor, source.Task, "there:2");
        deferred.AddCallbacks(
            result =>
            {
                wasThere = _rig.Reactor.IsCurrent;
                return result;
            },
            null);
        source.SetResult(7);
        await Through(deferred);
        Assert.Equal(7, deferred.Result);
        Assert.Equal("there:2", deferred.Origin);
        Assert.True(wasThere);
    }

    [Fact]
    public async Task A_task_without_a_value_gives_null()
    {
        async Task Later() => await Task.Yield();
        Deferred[] deferreds = [FromTask(Later()), FromTask(Task.CompletedTask), FromTask(Task.Run(() => { }))];
        foreach (Deferred deferred in deferreds)
        {
            await Through(deferred);
            Assert.Equal(DeferredStatus.Succeeded, deferred.Status);
            Assert.Null(deferred.Result);
        }
    }

    [Fact]
    public async Task The_value_of_an_async_method_is_the_result()
    {
        async Task<string> Later()
        {
            await Task.Yield();
            return "later";
        }

        Deferred deferred = FromTask(Later());
        await Through(deferred);
        Assert.Equal("later", deferred.Result);
    }

    [Fact]
    public async Task The_error_of_a_task_is_the_error()
    {
        var error = new FormatException();
        Deferred one = FromTask(Task.FromException(error));
        Deferred several = FromTask(Task.WhenAll(Task.FromException(error), Task.FromException(error)));
        await Through(one);
        await Through(several);
        Assert.Same(error, one.Error);
        Assert.Equal([error, error], Assert.IsType<AggregateException>(several.Error).InnerExceptions);
    }

    [Fact]
    public async Task One_of_a_cancelled_task_is_cancelled()
    {
        Deferred deferred = FromTask(Task.FromCanceled(new CancellationToken(canceled: true)));
        await Through(deferred);
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
    }

    [Fact]
    public async Task To_cancel_it_asks_the_task_to_end_and_does_not_wait_for_it()
    {
        using var cancel = new CancellationTokenSource();
        var source = new TaskCompletionSource<int>();
        var deferred = Deferred.FromTask(_rig.Reactor, source.Task, cancel: cancel.Cancel);
        _rig.Do(deferred.Cancel);
        Assert.True(cancel.IsCancellationRequested);
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
        source.SetResult(7);
        Deferred afterwards = FromTask(source.Task);
        await Through(afterwards);
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
    }

    private Deferred FromTask(Task task) => Deferred.FromTask(_rig.Reactor, task);

    private Task Through(Deferred deferred) => _rig.Until(() => deferred.Status != DeferredStatus.Waiting);
}
