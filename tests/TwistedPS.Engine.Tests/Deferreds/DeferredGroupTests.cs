namespace TwistedPS.Tests;

public sealed class DeferredGroupTests : IDisposable
{
    private readonly DeferredRig _rig = new();
    private readonly List<object?> _seen = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void All_give_their_results_in_the_order_given()
    {
        Deferred[] members = [_rig.New(), _rig.Succeeded("b"), _rig.New()];
        Deferred all = Deferred.WhenAll(_rig.Reactor, members);
        _rig.Do(() => members[2].Succeed("c"));
        Assert.Equal(DeferredStatus.Waiting, all.Status);
        _rig.Do(() => members[0].Succeed("a"));
        Assert.Equal(["a", "b", "c"], Assert.IsType<object?[]>(all.Result));
        Assert.Equal("a", members[0].Result);
    }

    [Fact]
    public void All_of_none_have_fired_and_any_of_none_is_an_error()
    {
        Deferred all = null!;
        _rig.Do(() => all = Deferred.WhenAll(_rig.Reactor, []));
        Assert.Empty(Assert.IsType<object?[]>(all.Result));
        Assert.Throws<ArgumentException>(() => Deferred.WhenAny(_rig.Reactor, []));
    }

    [Fact]
    public void All_fail_with_the_first_error_and_handle_the_others()
    {
        Deferred[] members = [_rig.New(), _rig.New(), _rig.New()];
        Deferred all = Deferred.WhenAll(_rig.Reactor, members);
        var error = new FormatException("first");
        _rig.Do(() => members[1].Fail(error));
        Assert.Same(error, all.Error);
        _rig.Do(() => members[0].Fail(new FormatException("second")));
        _rig.Do(() => members[2].Succeed(3));
        Assert.Same(error, all.Error);
        Assert.All(members[..2], member => Assert.Null(member.Error));
        Assert.Equal(3, members[2].Result);
    }

    [Fact]
    public void To_cancel_all_cancels_each()
    {
        Deferred[] members = [_rig.New(), _rig.Succeeded(2), _rig.New(See)];
        Deferred all = Deferred.WhenAll(_rig.Reactor, members);
        _rig.Do(all.Cancel);
        Assert.Equal([members[2]], _seen);
        Assert.Equal(DeferredStatus.Cancelled, all.Status);
        Assert.All(members, member => Assert.Equal(DeferredStatus.Succeeded, member.Status));
    }

    [Fact]
    public void All_that_are_cancelled_and_succeed_nevertheless_give_their_results()
    {
        Deferred[] members = [_rig.New(it => it.Succeed(1)), _rig.New(it => it.Succeed(2))];
        Deferred all = Deferred.WhenAll(_rig.Reactor, members);
        _rig.Do(all.Cancel);
        Assert.Equal([1, 2], Assert.IsType<object?[]>(all.Result));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_first_that_succeeds_wins_and_the_others_are_cancelled(int winner)
    {
        Deferred[] members = [_rig.New(See), _rig.New(See), _rig.New(See)];
        Deferred any = Deferred.WhenAny(_rig.Reactor, members);
        any.AddCallbacks(
            result =>
            {
                _seen.Add("through");
                return result;
            },
            null);
        _rig.Do(() => members[winner].Succeed(winner));
        Assert.Equal(winner, any.Result);
        Assert.Equal([.. members.Where(member => member != members[winner]), "through"], _seen);
        Assert.All(members, member => Assert.Null(member.Result));
        Assert.All(members, member => Assert.Null(member.Error));
    }

    [Fact]
    public void One_that_has_succeeded_before_wins_at_once()
    {
        Deferred[] members = [_rig.New(See), _rig.Succeeded(2), _rig.Succeeded(3)];
        Deferred any = null!;
        _rig.Do(() => any = Deferred.WhenAny(_rig.Reactor, members));
        Assert.Equal(2, any.Result);
        Assert.Equal([members[0]], _seen);
    }

    [Fact]
    public void One_that_fails_leaves_the_others_in_the_race()
    {
        Deferred[] members = [_rig.New(), _rig.New()];
        Deferred any = Deferred.WhenAny(_rig.Reactor, members);
        _rig.Do(() => members[0].Fail(new FormatException()));
        Assert.Equal(DeferredStatus.Waiting, any.Status);
        _rig.Do(() => members[1].Succeed(2));
        Assert.Equal(2, any.Result);
    }

    [Fact]
    public void When_all_fail_there_are_all_errors_in_the_order_given()
    {
        Deferred[] members = [_rig.New(), _rig.New()];
        Deferred any = Deferred.WhenAny(_rig.Reactor, members);
        _rig.Do(() => members[1].Fail(new FormatException("b")));
        _rig.Do(() => members[0].Fail(new FormatException("a")));
        Assert.Equal(["a", "b"], Assert.IsType<AggregateException>(any.Error).InnerExceptions.Select(e => e.Message));
        Assert.All(members, member => Assert.Null(member.Error));
    }

    [Fact]
    public void A_loser_that_succeeds_when_it_is_cancelled_changes_nothing()
    {
        Deferred[] members = [_rig.New(it => it.Succeed(1)), _rig.New()];
        Deferred any = Deferred.WhenAny(_rig.Reactor, members);
        _rig.Do(() => members[1].Succeed(2));
        Assert.Equal(2, any.Result);
        Assert.Null(members[0].Result);
    }

    [Fact]
    public void To_cancel_the_race_cancels_each()
    {
        Deferred[] members = [_rig.New(), _rig.New(See)];
        Deferred any = Deferred.WhenAny(_rig.Reactor, members);
        _rig.Do(any.Cancel);
        Assert.Equal([members[1]], _seen);
        Assert.All(members, member => Assert.Equal(DeferredStatus.Succeeded, member.Status));
        Assert.All(
            Assert.IsType<AggregateException>(any.Error).InnerExceptions,
            error => Assert.IsType<DeferredCancelledException>(error));
    }

    [Fact]
    public void One_given_twice_runs_once()
    {
        Deferred member = _rig.New();
        Deferred any = Deferred.WhenAny(_rig.Reactor, [member, member]);
        _rig.Do(() => member.Fail(new FormatException()));
        Assert.IsType<AggregateException>(any.Error);
    }

    [Fact]
    public async Task They_may_belong_to_different_reactors()
    {
        using var other = new DeferredRig();
        Deferred[] members = [_rig.Succeeded(1), other.New()];
        Deferred all = Deferred.WhenAll(_rig.Reactor, members);
        other.Do(() => members[1].Succeed(2));
        await _rig.Until(() => all.Status != DeferredStatus.Waiting);
        Assert.Equal([1, 2], Assert.IsType<object?[]>(all.Result));
    }

    private void See(Deferred deferred) => _seen.Add(deferred);
}
