using System.Collections;
using System.Runtime.CompilerServices;

namespace TwistedPS.Tests;

public sealed class DeferredUnhandledTests : IDisposable
{
    private readonly DeferredRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_failure_is_reported_when_nobody_can_handle_it_any_more()
    {
        int id = 0;
        _rig.DoAndCollect(() => id = _rig.Failed(new FormatException("no")).Id);
        UnhandledFailure failure = Assert.Single(_rig.Unhandled);
        Assert.Equal(id, failure.Id);
        Assert.Equal("here:1", failure.Origin);
        Assert.Equal("no", failure.Error.Message);
        _rig.Dispose();
        Assert.Single(_rig.Unhandled);
    }

    [Fact]
    public void It_is_reported_also_when_the_error_leads_back_to_the_deferred()
    {
        _rig.DoAndCollect(() =>
        {
            var error = new FormatException();
            error.Data["deferred"] = new DictionaryEntry(1, _rig.Failed(error));
        });
        Assert.Single(_rig.Unhandled);
    }

    [Fact]
    public void A_failure_that_somebody_may_handle_yet_is_not_reported()
    {
        Deferred held = _rig.Failed();
        DeferredRig.Collect();
        Assert.Empty(_rig.Unhandled);
        GC.KeepAlive(held);
    }

    [Fact]
    public void What_a_callback_throws_is_reported()
    {
        _rig.DoAndCollect(() => _rig.Succeeded().AddCallbacks(_ => throw new FormatException("callback"), null));
        Assert.Equal("callback", Assert.Single(_rig.Unhandled).Error.Message);
    }

    [Fact]
    public void Of_several_failures_of_one_the_last_is_reported()
    {
        _rig.DoAndCollect(() => _rig.Failed().AddCallbacks(null, _ => throw new FormatException("second")));
        Assert.Equal("second", Assert.Single(_rig.Unhandled).Error.Message);
    }

    [Fact]
    public void A_failure_that_an_errback_handles_is_not_reported()
    {
        ExpectNone(() => _rig.Failed().AddCallbacks(null, _ => null));
        ExpectNone(() => _rig.Failed().AddCallbacks(null, _ => _rig.New()));
    }

    [Fact]
    public void A_failure_that_a_callback_took_over_is_reported_once()
    {
        _rig.DoAndCollect(() => _rig.Succeeded().AddCallbacks(_ => _rig.Failed(), null));
        Assert.Single(_rig.Unhandled);
        ExpectNone(() =>
        {
            Deferred outer = _rig.Succeeded();
            outer.AddCallbacks(_ => _rig.Failed(), null);
            outer.AddCallbacks(null, _ => null);
        });
    }

    [Fact]
    public void To_read_the_error_or_to_wait_does_not_handle_it()
    {
        _rig.DoAndCollect(() =>
        {
            Deferred deferred = _rig.Failed();
            Assert.NotNull(deferred.Error);
            Assert.True(deferred.Fired.IsCompleted);
        });
        Assert.Single(_rig.Unhandled);
    }

    [Fact]
    public void A_task_and_a_mark_handle_it()
    {
        ExpectNone(() => _ = _rig.Failed().AsTask());
        ExpectNone(() => _rig.Failed().MarkHandled());
    }

    [Fact]
    public void A_mark_holds_for_the_present_failure_only()
    {
        _rig.DoAndCollect(() =>
        {
            Deferred deferred = _rig.Failed();
            deferred.MarkHandled();
            deferred.AddCallbacks(null, _ => throw new FormatException("second"));
        });
        Assert.Equal("second", Assert.Single(_rig.Unhandled).Error.Message);
    }

    [Fact]
    public void A_mark_set_while_an_outer_run_has_yet_to_end_holds()
    {
        ExpectNone(() =>
        {
            Deferred inner = _rig.New();
            Deferred outer = _rig.Succeeded();
            outer.AddCallbacks(_ => inner, null);
            outer.AddCallbacks(
                _ =>
                {
                    inner.AddCallbacks(_ => throw new FormatException(), null);
                    inner.MarkHandled();
                    return null;
                },
                null);
            inner.AddCallbacks(null, null);
            inner.Succeed();
        });
    }

    [Fact]
    public void One_that_was_cancelled_is_not_reported()
    {
        ExpectNone(() => _rig.New().Cancel());
    }

    [Fact]
    public void One_whose_time_was_up_is_reported()
    {
        _rig.Do(() => _rig.New().SetTimeout(TimeSpan.FromSeconds(1)));
        _rig.Advance(1);
        _rig.Reactor.CallLater(TimeSpan.Zero, () => { });
        _rig.Advance(1);
        DeferredRig.Collect();
        Assert.IsType<TimeoutException>(Assert.Single(_rig.Unhandled).Error);
    }

    [Fact]
    public void The_failures_of_a_group_are_reported_once()
    {
        _rig.DoAndCollect(() => Deferred.WhenAll(_rig.Reactor, [_rig.Failed(), _rig.Failed()], "group:3"));
        Assert.Equal("group:3", Assert.Single(_rig.Unhandled).Origin);
    }

    [Fact]
    public void The_end_of_the_reactor_reports_those_that_are_left_in_order()
    {
        var held = new List<Deferred>();
        int[] ids = FailTwenty(held);
        _rig.Dispose();
        Assert.Equal(ids, _rig.Unhandled.Select(failure => failure.Id));
        GC.KeepAlive(held);
    }

    [Fact]
    public void One_that_the_end_has_reported_is_not_reported_when_it_is_dropped()
    {
        var held = new List<Deferred>();
        FailTwenty(held);
        _rig.Dispose();
        held.Clear();
        DeferredRig.Collect();
        Assert.Equal(19, _rig.Unhandled.Count);
    }

    [Fact]
    public void What_a_subscriber_throws_comes_to_whoever_runs_the_reactor()
    {
        _rig.Reactor.Deferreds.FailureUnhandled += _ => throw new InvalidOperationException("subscriber");
        _rig.DoAndCollect(() => _rig.Failed());
        Assert.Equal("subscriber", Assert.Throws<InvalidOperationException>(() => _rig.Reactor.Iterate()).Message);
    }

    [Fact]
    public void Ten_thousand_of_each_leave_nothing()
    {
        WeakReference[] kept = null!;
        _rig.DoAndCollect(() => kept = [.. Enumerable.Range(0, 10_000).Select(MakeOne)]);
        Assert.DoesNotContain(kept, reference => reference.IsAlive);
        Assert.Equal(2000, _rig.Unhandled.Count);
        _rig.Unhandled.Clear();
        _rig.Dispose();
        Assert.Empty(_rig.Unhandled);
    }

    /// <summary>Lets twenty fail and marks one; returns the numbers of the others.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int[] FailTwenty(List<Deferred> held)
    {
        _rig.Do(() => held.AddRange(Enumerable.Range(0, 20).Select(_ => _rig.Failed())));
        held[3].MarkHandled();
        return [.. held.Where(deferred => deferred != held[3]).Select(deferred => deferred.Id)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference MakeOne(int number)
    {
        Deferred deferred = _rig.New(_ => number++);
        deferred.AddCallbacks(result => result, null);
        switch (number % 5)
        {
            case 0:
                deferred.Succeed(number);
                break;
            case 1:
                deferred.Fail(new FormatException());
                break;
            case 2:
                deferred.Cancel();
                break;
            case 3:
                deferred.AddCallbacks(_ => _rig.Succeeded(), null);
                deferred.SetTimeout(TimeSpan.FromSeconds(1));
                deferred.Succeed();
                break;
            default:
                _ = deferred.Fired;
                break;
        }

        return new WeakReference(deferred);
    }

    private void ExpectNone(Action work)
    {
        int before = _rig.Unhandled.Count;
        _rig.DoAndCollect(work);
        Assert.Equal(before, _rig.Unhandled.Count);
    }
}
