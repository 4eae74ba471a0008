namespace TwistedPS.Tests;

public sealed class DeferredCallbackTests : IDisposable
{
    private readonly DeferredRig _rig = new();
    private readonly List<object?> _seen = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_result_goes_through_the_callbacks_in_order()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(result => (int)result! + 1, null);
        deferred.AddCallbacks(result => (int)result! * 10, null);
        deferred.AddCallbacks(See, null);
        Assert.Equal(DeferredStatus.Waiting, deferred.Status);
        _rig.Do(() => deferred.Succeed(1));
        Assert.Equal([20], _seen);
        Assert.Equal(DeferredStatus.Succeeded, deferred.Status);
        Assert.Equal(20, deferred.Result);
        Assert.Null(deferred.Error);
    }

    [Fact]
    public void A_callback_that_is_added_later_is_called_at_once()
    {
        Deferred deferred = _rig.Succeeded(1);
        _rig.Do(() =>
        {
            deferred.AddCallbacks(result => (int)result! + 1, null);
            Assert.Equal(2, deferred.Result);
            deferred.AddCallbacks(See, null);
            Assert.Equal([2], _seen);
        });
    }

    [Fact]
    public void A_callback_without_a_result_leaves_null()
    {
        Deferred deferred = _rig.Succeeded(1);
        deferred.AddCallbacks(_ => null, null);
        Assert.Null(deferred.Result);
        Assert.Equal(DeferredStatus.Succeeded, deferred.Status);
    }

    [Fact]
    public void What_a_callback_throws_skips_to_the_next_errback()
    {
        var error = new FormatException("no");
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(_ => throw error, See);
        deferred.AddCallbacks(See, null);
        deferred.AddCallbacks(See, e => $"saw {e.Message}");
        _rig.Do(() => deferred.Succeed(1));
        Assert.Empty(_seen);
        Assert.Equal("saw no", deferred.Result);
    }

    [Fact]
    public void An_errback_recovers()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(See, e => e.Message);
        deferred.AddCallbacks(See, _ => throw new InvalidOperationException("called with a result"));
        _rig.Do(() => deferred.Fail(new FormatException("no")));
        Assert.Equal(["no"], _seen);
        Assert.Equal(DeferredStatus.Succeeded, deferred.Status);
    }

    [Fact]
    public void What_an_errback_throws_is_the_next_error()
    {
        var second = new FormatException("second");
        Deferred deferred = _rig.Failed(new FormatException("first"));
        deferred.AddCallbacks(null, _ => throw second);
        Assert.Same(second, deferred.Error);
        Assert.Null(deferred.Result);
        Assert.Equal(DeferredStatus.Failed, deferred.Status);
    }

    [Fact]
    public void Results_and_errors_pass_where_there_is_nothing_for_them()
    {
        var error = new FormatException();
        Deferred failed = _rig.Failed(error);
        failed.AddCallbacks(See, null);
        failed.AddCallbacks(null, null);
        Deferred succeeded = _rig.Succeeded(1);
        succeeded.AddCallbacks(null, See);
        succeeded.AddCallbacks(null, null);
        Assert.Same(error, failed.Error);
        Assert.Equal(1, succeeded.Result);
        Assert.Empty(_seen);
    }

    [Fact]
    public void A_callback_may_return_an_error_instead_of_throwing_it()
    {
        var error = new FormatException();
        Deferred deferred = _rig.Succeeded(1);
        deferred.AddCallbacks(_ => Outcome.Failed(error), null);
        deferred.AddCallbacks(See, null);
        Assert.Same(error, deferred.Error);
        Assert.Empty(_seen);
    }

    [Fact]
    public void An_exception_as_a_result_is_a_result()
    {
        var result = new FormatException();
        Deferred deferred = _rig.Succeeded(result);
        Assert.Equal(DeferredStatus.Succeeded, deferred.Status);
        Assert.Same(result, deferred.Result);
    }

    [Fact]
    public void Of_a_pair_of_callbacks_one_is_called()
    {
        Deferred deferred = _rig.Succeeded(1);
        deferred.AddCallbacks(_ => throw new FormatException("no"), See);
        deferred.AddCallbacks(See, e => _rig.Failed(e));
        deferred.AddCallbacks(See, _ => 2);
        Assert.Empty(_seen);
        Assert.Equal(2, deferred.Result);
    }

    [Fact]
    public void It_is_counted_and_says_where_it_was_made()
    {
        Deferred first = _rig.New();
        Deferred second = _rig.New();
        Assert.True(second.Id > first.Id);
        Assert.Equal("here:1", first.Origin);
        Assert.Same(_rig.Reactor, first.Reactor);
        Assert.Equal($"deferred {first.Id} (Waiting, here:1)", first.ToString());
        var without = new Deferred(_rig.Reactor);
        Assert.Equal($"deferred {without.Id} (Waiting)", without.ToString());
    }

    private object? See(object? result)
    {
        _seen.Add(result);
        return result;
    }
}
