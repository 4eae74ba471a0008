namespace TwistedPS.Tests;

public sealed class DeferredTimeoutTests : IDisposable
{
    private readonly DeferredRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void When_the_time_is_up_the_error_is_a_timeout()
    {
        Deferred deferred = WithTimeout(_rig.New());
        _rig.Advance(9.999);
        Assert.Equal(DeferredStatus.Waiting, deferred.Status);
        _rig.Advance(0.001);
        Assert.Equal($"Deferred {deferred.Id} had no result within 10 s.", Assert.IsType<TimeoutException>(deferred.Error).Message);
        Assert.Equal(DeferredStatus.Failed, deferred.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_comes_in_time_stays_and_is_not_cancelled_later(bool isResult)
    {
        bool wasCancelled = false;
        Deferred later = _rig.New(_ => wasCancelled = true);
        Deferred deferred = WithTimeout(_rig.New());
        deferred.AddCallbacks(_ => later, _ => later);
        if (isResult)
            _rig.Do(() => deferred.Succeed(1));
        else
            _rig.Do(() => deferred.Fail(new FormatException()));
        _rig.Advance(20);
        Assert.False(wasCancelled);
        Assert.Equal(DeferredStatus.Waiting, deferred.Status);
    }

    [Fact]
    public void An_error_in_time_stays()
    {
        Deferred deferred = WithTimeout(_rig.New());
        _rig.Do(() => deferred.Fail(new FormatException()));
        _rig.Advance(20);
        Assert.IsType<FormatException>(deferred.Error);
    }

    [Fact]
    public void A_result_in_time_stays()
    {
        Deferred deferred = WithTimeout(_rig.Succeeded(1));
        _rig.Advance(20);
        Assert.Equal(1, deferred.Result);
    }

    [Fact]
    public void One_that_is_cancelled_before_is_cancelled()
    {
        Deferred deferred = WithTimeout(_rig.New());
        _rig.Do(deferred.Cancel);
        _rig.Advance(20);
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
    }

    [Fact]
    public void What_a_canceller_fires_with_stays()
    {
        var error = new FormatException();
        Deferred succeeds = WithTimeout(_rig.New(it => it.Succeed("enough")));
        Deferred fails = WithTimeout(_rig.New(it => it.Fail(error)));
        _rig.Advance(10);
        Assert.Equal("enough", succeeds.Result);
        Assert.Same(error, fails.Error);
    }

    [Fact]
    public void What_an_errback_before_it_makes_of_it_stays()
    {
        Exception? seen = null;
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(null, e =>
        {
            seen = e;
            return "recovered";
        });
        WithTimeout(deferred);
        _rig.Advance(10);
        Assert.IsType<DeferredCancelledException>(seen);
        Assert.Equal("recovered", deferred.Result);
    }

    [Fact]
    public void It_covers_a_deferred_that_an_earlier_callback_waits_for()
    {
        Deferred inner = _rig.New();
        Deferred deferred = _rig.Succeeded();
        deferred.AddCallbacks(_ => inner, null);
        WithTimeout(deferred);
        _rig.Advance(10);
        Assert.IsType<TimeoutException>(deferred.Error);
        Assert.Equal(DeferredStatus.Succeeded, inner.Status);
    }

    [Fact]
    public void What_comes_after_the_time_is_ignored()
    {
        Deferred deferred = WithTimeout(_rig.New());
        _rig.Advance(10);
        _rig.Do(() => deferred.Succeed(1));
        Assert.IsType<TimeoutException>(deferred.Error);
    }

    private static Deferred WithTimeout(Deferred deferred)
    {
        deferred.SetTimeout(TimeSpan.FromSeconds(10));
        return deferred;
    }
}
