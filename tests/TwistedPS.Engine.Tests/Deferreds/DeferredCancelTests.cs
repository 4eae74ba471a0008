namespace TwistedPS.Tests;

public sealed class DeferredCancelTests : IDisposable
{
    private readonly DeferredRig _rig = new();
    private readonly List<object?> _seen = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Without_a_canceller_it_fails_at_once()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(See, null);
        _rig.Do(deferred.Cancel);
        Assert.Empty(_seen);
        Assert.IsType<DeferredCancelledException>(deferred.Error);
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
    }

    [Fact]
    public void To_dispose_it_is_to_cancel_it()
    {
        Deferred deferred = _rig.New();
        deferred.Dispose();
        Assert.Equal(DeferredStatus.Waiting, deferred.Status);
        _rig.Reactor.Iterate();
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_comes_too_late_is_ignored_once(bool isResult)
    {
        Deferred deferred = _rig.New();
        _rig.Do(() =>
        {
            deferred.Cancel();
            deferred.Cancel();
            if (isResult)
                deferred.Succeed(1);
            else
                deferred.Fail(new FormatException());
            Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
            Assert.Throws<DeferredAlreadyFiredException>(() => deferred.Succeed(2));
            Assert.Throws<DeferredAlreadyFiredException>(() => deferred.Fail(new FormatException()));
        });
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
    }

    [Fact]
    public void A_canceller_is_called_once_with_the_deferred_and_need_not_fire_it()
    {
        Deferred deferred = _rig.New(See);
        _rig.Do(() =>
        {
            deferred.Cancel();
            deferred.Cancel();
            Assert.Throws<DeferredAlreadyFiredException>(() => deferred.Succeed());
        });
        Assert.Equal([deferred], _seen);
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
    }

    [Fact]
    public void A_canceller_may_fire_it_with_a_result()
    {
        Deferred deferred = _rig.New(it => it.Succeed("enough"));
        _rig.Do(deferred.Cancel);
        Assert.Equal("enough", deferred.Result);
    }

    [Fact]
    public void A_canceller_may_fire_it_with_an_error()
    {
        var error = new FormatException();
        Deferred deferred = _rig.New(it => it.Fail(error));
        _rig.Do(deferred.Cancel);
        Assert.Same(error, deferred.Error);
        Assert.Equal(DeferredStatus.Failed, deferred.Status);
    }

    [Fact]
    public void A_canceller_may_cancel_it()
    {
        int calls = 0;
        Deferred deferred = _rig.New(it =>
        {
            calls++;
            it.Cancel();
        });
        _rig.Do(deferred.Cancel);
        Assert.Equal(1, calls);
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
    }

    [Fact]
    public void What_a_canceller_throws_is_the_error()
    {
        var error = new FormatException();
        Deferred deferred = _rig.New(_ => throw error);
        _rig.Do(deferred.Cancel);
        Assert.Same(error, deferred.Error);
    }

    [Fact]
    public void What_a_canceller_throws_after_it_has_fired_it_is_reported()
    {
        var error = new FormatException();
        Deferred deferred = _rig.New(it =>
        {
            it.Succeed(1);
            throw error;
        });
        _rig.Do(deferred.Cancel);
        Assert.Equal(1, deferred.Result);
        Assert.Same(error, Assert.Single(_rig.Unhandled).Error);
    }

    [Fact]
    public void One_that_has_fired_is_not_cancelled()
    {
        Deferred succeeded = _rig.New(See);
        Deferred failed = _rig.New(See);
        _rig.Do(() =>
        {
            succeeded.Succeed(1);
            failed.Fail(new FormatException());
            succeeded.Cancel();
            failed.Cancel();
        });
        Assert.Empty(_seen);
        Assert.Equal(1, succeeded.Result);
        Assert.IsType<FormatException>(failed.Error);
    }

    [Fact]
    public void One_that_another_thread_has_fired_is_not_cancelled()
    {
        Deferred deferred = _rig.New(See);
        deferred.Succeed(1);
        deferred.Cancel();
        _rig.Reactor.Iterate();
        Assert.Empty(_seen);
        Assert.Equal(1, deferred.Result);
    }

    [Fact]
    public void To_cancel_one_that_waits_cancels_the_last_that_it_waits_for()
    {
        Deferred third = _rig.New(_ => See("third"));
        Deferred second = _rig.New(_ => See("second"));
        Deferred first = _rig.New(_ => See("first"));
        first.AddCallbacks(_ => second, null);
        second.AddCallbacks(_ => third, null);
        _rig.Do(() =>
        {
            second.Succeed();
            first.Succeed();
            first.Cancel();
        });
        Assert.Equal(["third"], _seen);
        Assert.Equal(DeferredStatus.Cancelled, first.Status);
        Assert.Equal(DeferredStatus.Succeeded, third.Status);
    }

    [Fact]
    public async Task To_cancel_one_that_waits_for_another_reactors_cancels_that()
    {
        using var other = new DeferredRig();
        Deferred inner = other.New(it => it.Succeed(See("cancelled")));
        Deferred outer = _rig.Succeeded();
        outer.AddCallbacks(_ => inner, null);
        _rig.Do(outer.Cancel);
        Assert.Equal(DeferredStatus.Cancelled, outer.Status);
        await other.Until(() => inner.Status != DeferredStatus.Waiting);
        Assert.Equal(["cancelled"], _seen);
    }

    [Fact]
    public void An_errback_recovers_from_it()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(null, _ => "recovered");
        _rig.Do(deferred.Cancel);
        Assert.Equal("recovered", deferred.Result);
        Assert.Equal(DeferredStatus.Succeeded, deferred.Status);
    }

    private object? See(object? result)
    {
        _seen.Add(result);
        return result;
    }

    private void See(Deferred deferred) => _seen.Add(deferred);
}
