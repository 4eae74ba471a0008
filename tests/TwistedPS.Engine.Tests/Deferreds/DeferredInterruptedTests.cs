namespace TwistedPS.Tests;

public sealed class DeferredInterruptedTests : IDisposable
{
    private readonly DeferredRig _rig = new();
    private readonly List<object?> _seen = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void An_interruption_ends_the_turn_and_the_chain_goes_on_with_it_in_the_next()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(Interrupt, null);
        deferred.AddCallbacks(See, e => See(e));
        Assert.Throws<ReactorInterruptedException>(() => _rig.Do(() => deferred.Succeed()));
        Assert.Empty(_seen);
        Assert.Equal(DeferredStatus.Waiting, deferred.Status);
        _rig.Reactor.Iterate();
        var seen = Assert.IsType<DeferredCancelledException>(Assert.Single(_seen));
        Assert.Equal("cause", seen.InnerException!.Message);
        Assert.Equal(DeferredStatus.Succeeded, deferred.Status);
    }

    [Fact]
    public async Task An_interrupted_one_without_more_callbacks_is_cancelled_and_not_reported()
    {
        Deferred deferred = _rig.New();
        Task fired = deferred.Fired;
        deferred.AddCallbacks(Interrupt, null);
        Assert.Throws<ReactorInterruptedException>(() => _rig.Do(() => deferred.Succeed()));
        _rig.Reactor.Iterate();
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
        await fired.Soon();
        _rig.Dispose();
        Assert.Empty(_rig.Unhandled);
    }

    [Fact]
    public void Chains_on_both_sides_of_the_interrupted_one_go_on()
    {
        Deferred inner = _rig.New();
        Deferred outer = _rig.Succeeded();
        outer.AddCallbacks(_ => inner, null);
        outer.AddCallbacks(Interrupt, null);
        outer.AddCallbacks(null, _ => See("outer"));
        inner.AddCallbacks(_ => See("inner"), null);
        Assert.Throws<ReactorInterruptedException>(() => _rig.Do(() => inner.Succeed()));
        Assert.Empty(_seen);
        _rig.Reactor.Iterate();
        Assert.Equal(["outer", "inner"], _seen);
    }

    [Fact]
    public void A_callback_that_fires_one_whose_callback_is_interrupted_is_interrupted_too()
    {
        Deferred second = _rig.New();
        second.AddCallbacks(Interrupt, null);
        Deferred first = _rig.New();
        first.AddCallbacks(
            _ =>
            {
                second.Succeed();
                return See("not reached");
            },
            null);
        Assert.Throws<ReactorInterruptedException>(() => _rig.Do(() => first.Succeed()));
        _rig.Reactor.Iterate();
        Assert.Empty(_seen);
        Assert.Equal(DeferredStatus.Cancelled, first.Status);
        Assert.Equal(DeferredStatus.Cancelled, second.Status);
    }

    [Fact]
    public void An_interrupted_canceller_leaves_it_cancelled()
    {
        Deferred deferred = _rig.New(it => Interrupt(it));
        Assert.Throws<ReactorInterruptedException>(() => _rig.Do(deferred.Cancel));
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
    }

    [Fact]
    public void A_group_cancels_all_when_the_first_is_interrupted()
    {
        Deferred[] members = [_rig.New(it => Interrupt(it)), _rig.New(See), _rig.New()];
        Deferred any = Deferred.WhenAny(_rig.Reactor, members);
        Assert.Throws<ReactorInterruptedException>(() => _rig.Do(() => members[2].Succeed(3)));
        _rig.Reactor.Iterate();
        Assert.Equal([members[1]], _seen);
        Assert.Equal(3, any.Result);
    }

    [Fact]
    public void A_timeout_is_not_the_error_of_an_interrupted_one()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(Interrupt, null);
        deferred.SetTimeout(TimeSpan.FromSeconds(1));
        Assert.Throws<ReactorInterruptedException>(() => _rig.Do(() => deferred.Succeed()));
        _rig.Advance(2);
        Assert.Equal(DeferredStatus.Cancelled, deferred.Status);
    }

    private static object? Interrupt(object? result) =>
        throw new ReactorInterruptedException(new FormatException("cause"));

    private object? See(object? result)
    {
        _seen.Add(result);
        return result;
    }

    private void See(Deferred deferred) => _seen.Add(deferred);
}
