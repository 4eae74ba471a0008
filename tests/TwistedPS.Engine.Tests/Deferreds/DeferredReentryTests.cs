namespace TwistedPS.Tests;

public sealed class DeferredReentryTests : IDisposable
{
    private const int Many = 10_000;

    private readonly DeferredRig _rig = new();
    private readonly List<object?> _seen = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_callback_added_in_a_callback_is_called_after_it_with_its_result()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(
            _ =>
            {
                deferred.AddCallbacks(See, null);
                See("first");
                return "second";
            },
            null);
        _rig.Do(() => deferred.Succeed());
        Assert.Equal(["first", "second"], _seen);
    }

    [Fact]
    public void It_is_called_after_those_added_before()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(
            _ =>
            {
                deferred.AddCallbacks(_ => See("third"), null);
                return See("first");
            },
            null);
        deferred.AddCallbacks(_ => See("second"), null);
        _rig.Do(() => deferred.Succeed());
        Assert.Equal(["first", "second", "third"], _seen);
    }

    [Fact]
    public void An_errback_added_in_a_callback_gets_what_that_throws()
    {
        Deferred deferred = _rig.New();
        deferred.AddCallbacks(
            _ =>
            {
                deferred.AddCallbacks(null, e => See(e.Message));
                throw new FormatException("no");
            },
            null);
        _rig.Do(() => deferred.Succeed());
        Assert.Equal(["no"], _seen);
    }

    [Fact]
    public void Another_one_fired_in_a_callback_is_through_when_that_goes_on()
    {
        Deferred first = _rig.New();
        Deferred second = _rig.New();
        second.AddCallbacks(See, null);
        first.AddCallbacks(
            _ =>
            {
                second.Succeed("second");
                return See("first");
            },
            null);
        _rig.Do(() => first.Succeed());
        Assert.Equal(["second", "first"], _seen);
    }

    [Fact]
    public void One_added_to_the_inner_by_a_callback_of_the_outer_is_called_once()
    {
        Deferred inner = _rig.New();
        Deferred outer = _rig.Succeeded();
        outer.AddCallbacks(_ => inner, null);
        outer.AddCallbacks(
            _ =>
            {
                inner.AddCallbacks(_ => See("added"), null);
                return See("outer");
            },
            null);
        inner.AddCallbacks(_ => See("late"), null);
        _rig.Do(() => inner.Succeed());
        Assert.Equal(["late", "added", "outer"], _seen);
    }

    [Fact]
    public void Ten_thousand_that_have_fired_are_returned_one_by_another()
    {
        Deferred last = _rig.Succeeded("end");
        for (int i = 0; i < Many; i++)
        {
            Deferred inner = last;
            Deferred next = _rig.New();
            next.AddCallbacks(_ => inner, null);
            next.AddCallbacks(result => result, null);
            last = next;
            _rig.Do(() => next.Succeed());
        }

        Assert.Equal("end", last.Result);
    }

    [Fact]
    public void Ten_thousand_that_wait_for_one_another_go_on_at_once()
    {
        Deferred[] chain = [.. Enumerable.Range(0, Many + 1).Select(_ => _rig.New())];
        for (int i = 0; i < Many; i++)
        {
            Deferred inner = chain[i + 1];
            chain[i].AddCallbacks(_ => inner, null);
            chain[i].AddCallbacks(result => (int)result! + 1, null);
        }

        _rig.Do(() =>
        {
            foreach (Deferred deferred in chain.Take(Many))
                deferred.Succeed();
        });
        Assert.Equal(DeferredStatus.Waiting, chain[0].Status);
        _rig.Do(() => chain[^1].Succeed(0));
        Assert.Equal(Many, chain[0].Result);
    }

    [Fact]
    public void Ten_thousand_that_wait_for_one_another_are_cancelled()
    {
        Deferred[] chain = [.. Enumerable.Range(0, Many).Select(_ => _rig.New())];
        for (int i = 0; i < Many - 1; i++)
        {
            Deferred inner = chain[i + 1];
            chain[i].AddCallbacks(_ => inner, null);
        }

        _rig.Do(() =>
        {
            foreach (Deferred deferred in chain.SkipLast(1))
                deferred.Succeed();
            chain[0].Cancel();
        });
        Assert.Equal(DeferredStatus.Cancelled, chain[0].Status);
    }

    [Fact]
    public void Ten_thousand_that_fire_one_another_in_their_callbacks_do_not_exhaust_a_small_stack()
    {
        Deferred[] chain = [.. Enumerable.Range(0, Many).Select(_ => _rig.New())];
        for (int i = 0; i < Many - 1; i++)
        {
            Deferred next = chain[i + 1];
            chain[i].AddCallbacks(
                _ =>
                {
                    next.Succeed();
                    return null;
                },
                null);
        }

        const int SmallStack = 512 * 1024;
        var thread = new Thread(() => _rig.Do(() => chain[0].Succeed()), SmallStack);
        thread.Start();
        Assert.True(thread.Join(Waiting.Limit));
        Assert.All(chain, deferred => Assert.Equal(DeferredStatus.Succeeded, deferred.Status));
    }

    [Fact]
    public void Ten_thousand_callbacks_are_called()
    {
        Deferred deferred = _rig.New();
        for (int i = 0; i < Many; i++)
            deferred.AddCallbacks(result => (int)result! + 1, null);
        _rig.Do(() => deferred.Succeed(0));
        Assert.Equal(Many, deferred.Result);
    }

    private object? See(object? result)
    {
        _seen.Add(result);
        return result;
    }
}
