namespace TwistedPS.Tests;

public sealed class DeferredFiringTests : IDisposable
{
    private readonly DeferredRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void It_fires_once()
    {
        Deferred deferred = _rig.Succeeded(1);
        _rig.Do(() =>
        {
            Assert.Throws<DeferredAlreadyFiredException>(() => deferred.Succeed(2));
            Assert.Throws<DeferredAlreadyFiredException>(() => deferred.Fail(new FormatException()));
        });
        Assert.Equal(1, deferred.Result);
        Deferred failed = _rig.Failed();
        _rig.Do(() => Assert.Throws<DeferredAlreadyFiredException>(() => failed.Succeed(2)));
        Assert.Equal("failed", failed.Error!.Message);
    }

    [Fact]
    public void It_fires_once_while_its_callbacks_run()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(
            _ =>
            {
                Assert.Throws<DeferredAlreadyFiredException>(() => deferred.Succeed(2));
                return 3;
            },
            null);
        _rig.Do(() => deferred.Succeed(1));
        Assert.Equal(3, deferred.Result);
    }

    [Fact]
    public void Fired_from_another_thread_it_runs_its_callbacks_on_the_reactors()
    {
        bool wasThere = false;
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(_ => wasThere = _rig.Reactor.IsCurrent, null);
        deferred.Succeed();
        Assert.Equal(DeferredStatus.Waiting, deferred.Status);
        _rig.Reactor.Iterate();
        Assert.True(wasThere);
        Assert.Equal(DeferredStatus.Succeeded, deferred.Status);
    }

    [Fact]
    public void Whoever_fires_it_second_from_another_thread_is_told_as_well()
    {
        Deferred deferred = _rig.New();
        deferred.Succeed(1);
        Assert.Throws<DeferredAlreadyFiredException>(() => deferred.Succeed(2));
        _rig.Reactor.Iterate();
        Assert.Equal(1, deferred.Result);
    }

    [Fact]
    public async Task Of_two_threads_that_fire_it_at_once_one_does()
    {
        Deferred[] deferreds = Racing.Each(() => _rig.New());
        bool[] here = Racing.Each(() => false);
        bool[] there = Racing.Each(() => false);
        await Racing.Run(
            round => here[round] = deferreds[round].TryFire(Outcome.Succeeded("here")),
            round => there[round] = deferreds[round].TryFire(Outcome.Succeeded("there")));
        Assert.Equal(here, there.Select(fired => !fired));
        _rig.Reactor.Turn();
        Assert.Equal(here.Select(fired => fired ? "here" : "there"), deferreds.Select(deferred => deferred.Result));
    }

    [Fact]
    public void It_is_fired_with_neither_a_deferred_nor_no_error()
    {
        Deferred deferred = _rig.New();
        Assert.Throws<ArgumentException>(() => deferred.Succeed(_rig.New()));
        Assert.Throws<ArgumentNullException>(() => deferred.Fail(null!));
        _rig.Do(() => deferred.Succeed(1));
        Assert.Equal(1, deferred.Result);
    }
}
