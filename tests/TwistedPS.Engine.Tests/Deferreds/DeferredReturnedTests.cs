namespace TwistedPS.Tests;

public sealed class DeferredReturnedTests : IDisposable
{
    private readonly DeferredRig _rig = new();
    private readonly List<object?> _seen = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void The_chain_waits_for_a_deferred_that_a_callback_returns()
    {
        Deferred inner = _rig.New();
        Deferred outer = _rig.Succeeded(1);
        outer.AddCallbacks(_ => inner, null);
        outer.AddCallbacks(See, null);
        Assert.Empty(_seen);
        Assert.Equal(DeferredStatus.Waiting, outer.Status);
        Assert.Null(outer.Result);
        _rig.Do(() => inner.Succeed(2));
        Assert.Equal([2], _seen);
        Assert.Equal(2, outer.Result);
        Assert.Null(inner.Result);
        Assert.Equal(DeferredStatus.Succeeded, inner.Status);
    }

    [Fact]
    public void The_result_of_one_that_has_fired_is_taken_over_at_once()
    {
        Deferred inner = _rig.Succeeded(2);
        Deferred outer = _rig.Succeeded(1);
        outer.AddCallbacks(_ => inner, null);
        Assert.Equal(2, outer.Result);
        Assert.Null(inner.Result);
        Assert.Equal(DeferredStatus.Succeeded, inner.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void So_is_the_error(bool hasFiredBefore)
    {
        var error = new FormatException();
        Deferred inner = hasFiredBefore ? _rig.Failed(error) : _rig.New();
        Deferred outer = _rig.Succeeded(1);
        outer.AddCallbacks(_ => inner, null);
        if (!hasFiredBefore)
            _rig.Do(() => inner.Fail(error));
        Assert.Same(error, outer.Error);
        Assert.Null(inner.Error);
        Assert.Equal(DeferredStatus.Succeeded, inner.Status);
    }

    [Fact]
    public void An_errback_may_return_one()
    {
        Deferred outer = _rig.Failed();
        outer.AddCallbacks(See, _ => _rig.Succeeded(2));
        Assert.Equal(2, outer.Result);
        Assert.Empty(_seen);
    }

    [Fact]
    public void Its_own_callbacks_go_first_and_those_added_afterwards_get_null()
    {
        Deferred inner = _rig.New();
        inner.AddCallbacks(result => See($"inner {result}"), null);
        Deferred outer = _rig.Succeeded(1);
        outer.AddCallbacks(_ => inner, null);
        outer.AddCallbacks(result => See($"outer {result}"), null);
        inner.AddCallbacks(result => See($"late {result ?? "null"}"), null);
        _rig.Do(() => inner.Succeed(2));
        Assert.Equal(["inner 2", "outer inner 2", "late null"], _seen);
        Assert.Equal("late null", inner.Result);
        Assert.Equal("outer inner 2", outer.Result);
    }

    [Fact]
    public void One_that_waits_itself_is_waited_for()
    {
        Deferred third = _rig.New();
        Deferred second = _rig.Succeeded();
        second.AddCallbacks(_ => third, null);
        Deferred first = _rig.Succeeded();
        first.AddCallbacks(_ => second, null);
        _rig.Do(() => third.Succeed(3));
        Assert.Equal(3, first.Result);
        second.AddCallbacks(result => See(result ?? "null"), null);
        Assert.Equal(["null"], _seen);
    }

    [Fact]
    public void A_fired_one_that_waits_has_callbacks_left_when_it_goes_on()
    {
        Deferred last = _rig.New();
        Deferred inner = _rig.Succeeded("inner");
        inner.AddCallbacks(_ => last, null);
        inner.AddCallbacks(result => $"{result}!", null);
        Deferred outer = _rig.Succeeded();
        outer.AddCallbacks(_ => inner, null);
        outer.AddCallbacks(See, null);
        _rig.Do(() => last.Succeed("orange"));
        Assert.Equal(["orange!"], _seen);
    }

    [Fact]
    public void One_whose_callback_runs_now_is_waited_for()
    {
        Deferred outer = _rig.New();
        Deferred inner = _rig.New();
        outer.AddCallbacks(_ => inner, null);
        inner.AddCallbacks(
            _ =>
            {
                outer.Succeed();
                Assert.Equal(DeferredStatus.Waiting, outer.Status);
                return 2;
            },
            null);
        _rig.Do(() => inner.Succeed(1));
        Assert.Equal(2, outer.Result);
        Assert.Null(inner.Result);
    }

    [Fact]
    public void To_return_itself_is_an_error()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(_ => deferred, null);
        _rig.Do(() => deferred.Succeed(1));
        Assert.IsType<InvalidOperationException>(deferred.Error);
    }

    [Fact]
    public void To_return_one_that_waits_for_it_is_an_error()
    {
        Deferred first = _rig.New();
        Deferred second = _rig.New();
        Deferred third = _rig.New();
        first.AddCallbacks(_ => second, null);
        second.AddCallbacks(_ => third, null);
        third.AddCallbacks(_ => first, null);
        _rig.Do(() =>
        {
            first.Succeed();
            second.Succeed();
            third.Succeed();
        });
        Assert.IsType<InvalidOperationException>(first.Error);
        Assert.Null(third.Error);
    }

    [Fact]
    public void One_that_waited_for_it_before_may_be_returned()
    {
        Deferred inner = _rig.New();
        Deferred outer = _rig.Succeeded();
        outer.AddCallbacks(_ => inner, null);
        _rig.Do(() => inner.Succeed(2));
        inner.AddCallbacks(_ => outer, null);
        Assert.Equal(2, inner.Result);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void To_return_one_to_two_chains_is_an_error_in_the_second(bool hasFiredBefore)
    {
        Deferred inner = hasFiredBefore ? _rig.Succeeded(2) : _rig.New();
        Deferred first = _rig.Succeeded();
        first.AddCallbacks(_ => inner, null);
        Deferred second = _rig.Succeeded();
        second.AddCallbacks(_ => inner, null);
        if (!hasFiredBefore)
            _rig.Do(() => inner.Succeed(2));
        Assert.Equal(2, first.Result);
        Assert.IsType<InvalidOperationException>(second.Error);
    }

    [Fact]
    public async Task One_of_another_reactor_is_waited_for_and_the_callbacks_stay_where_they_were()
    {
        using var other = new DeferredRig();
        Deferred inner = other.New();
        Deferred outer = _rig.Succeeded();
        bool wasHere = false;
        outer.AddCallbacks(_ => inner, null);
        outer.AddCallbacks(
            result =>
            {
                wasHere = _rig.Reactor.IsCurrent;
                return result;
            },
            null);
        other.Do(() => inner.Succeed(2));
        Assert.Equal(DeferredStatus.Waiting, outer.Status);
        await _rig.Until(() => outer.Status != DeferredStatus.Waiting);
        Assert.True(wasHere);
        Assert.Equal(2, outer.Result);
        Assert.Null(inner.Result);
    }

    private object? See(object? result)
    {
        _seen.Add(result);
        return result;
    }
}
