using System.Net;

namespace TwistedPS.Tests;

public sealed class HttpReactorsTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_request_goes_where_the_fewest_are()
    {
        using var rig = new HttpReactorsRig(3);
        Task<(HttpStatusCode Status, string Text)>[] answers = [.. Enumerable.Range(0, 6).Select(_ => rig.AskKept())];
        Assert.Equal([2, 2, 2], rig.Counts);
        Assert.True(rig.Kept[1].First().Complete("first"));
        ReactorsRig.Until(() => answers.Any(answer => answer.IsCompleted));
        answers = [.. answers, rig.AskKept()];
        Assert.Equal([2, 3, 2], rig.Counts);
        foreach (HttpExchange exchange in rig.Kept.SelectMany(kept => kept))
            exchange.Complete("done");
        Assert.All(await Task.WhenAll(answers).Soon(), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(7, rig.Server.Requests);
        Assert.Equal(3, rig.Server.ReactorCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_handler_that_blocks_holds_up_its_own_reactor_only(int blocked)
    {
        using var arrived = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        HttpExchange? kept = null;
        using var rig = new HttpReactorsRig(2, (i, exchange) =>
        {
            if (i == blocked)
            {
                arrived.Release();
                exchange.Complete(go.Wait(Waiting.Limit) ? $"{i}" : "late");
            }
            else if (blocked == 1 && kept is null)
            {
                kept = exchange;
                arrived.Release();
            }
            else
            {
                exchange.Complete($"{i}");
            }
        });

        // The first reactor has the first request, and the other one the next, for as long as that is not answered.
        Task<(HttpStatusCode Status, string Text)>[] asked = new Task<(HttpStatusCode, string)>[blocked + 1];
        for (int i = 0; i <= blocked; i++)
        {
            asked[i] = rig.AskAsync();
            Assert.True(await arrived.WaitAsync(Waiting.Limit));
        }

        kept?.Complete("0");
        for (int i = 0; i < blocked; i++)
            Assert.Equal("0", (await asked[i].Soon()).Text);
        for (int i = 0; i < 3; i++)
            Assert.Equal($"{1 - blocked}", (await rig.AskAsync().Soon()).Text);
        go.Set();
        Assert.Equal($"{blocked}", (await asked[blocked].Soon()).Text);
    }

    [Fact]
    public async Task No_two_handlers_of_one_reactor_run_at_once()
    {
        int[] threads = [0, 0];
        using var rig = new HttpReactorsRig(2, (i, exchange) =>
        {
            Assert.True(Interlocked.CompareExchange(ref threads[i], Environment.CurrentManagedThreadId, 0) == 0);
            Thread.Yield();
            threads[i] = 0;
            exchange.Complete("done");
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => rig.AskAsync())).Soon();
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(100, rig.Server.Requests);
        Assert.Empty(rig.Server.Errors);
    }

    [Fact]
    public async Task The_limit_of_requests_is_one_for_all()
    {
        using var rig = new HttpReactorsRig(2, options: new() { MaxRequests = 3 });
        Task<(HttpStatusCode Status, string Text)>[] answers = [.. Enumerable.Range(0, 3).Select(_ => rig.AskKept()), rig.AskAsync()];
        ReactorsRig.Until(() => rig.Server.RequestsUnderWay == 4);
        Assert.Equal([2, 1], rig.Counts);
        rig.Kept[0].First().Complete("done");
        ReactorsRig.Until(() => rig.Counts.Sum() == 4);
        foreach (HttpExchange exchange in rig.Kept.SelectMany(kept => kept))
            exchange.Complete("done");
        await Task.WhenAll(answers).Soon();
    }

    [Fact]
    public async Task An_error_is_answered_with_500_and_is_the_servers()
    {
        using var rig = new HttpReactorsRig(2, (i, _) => throw new InvalidOperationException($"oops {i}"));
        var answers = await Task.WhenAll(rig.AskAsync(), rig.AskAsync()).Soon();
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.InternalServerError, answer.Status));
        Assert.Equal(2, rig.Server.ErrorCount);
        Assert.All(rig.Further, reactor => Assert.Null(reactor.Watch.Current));
    }

    [Fact]
    public async Task A_stop_waits_for_the_requests_of_all_and_ends_the_further_reactors()
    {
        using var rig = new HttpReactorsRig(2);
        Task<(HttpStatusCode Status, string Text)>[] answers = [rig.AskKept(), rig.AskKept()];
        Assert.Equal([rig.Server], rig.Further[0].Services);
        Task stopped = rig.Server.StopAsync(s_long);
        rig.Kept[0].Single().Complete("first");
        Assert.Equal("first", (await answers[0].Soon()).Text);
        Assert.False(stopped.IsCompleted);
        rig.Kept[1].Single().Complete("second");
        Assert.Equal("second", (await answers[1].Soon()).Text);
        await stopped.Soon();
        rig.Ended();
        Assert.Equal([1, 0], rig.Handlers.Select(handler => handler.Stops));
        Assert.All(rig.Further, reactor => Assert.True(reactor.IsStopped && reactor.Services.Length == 0));
    }

    [Fact]
    public async Task OnStop_comes_after_the_last_handler_of_any_reactor()
    {
        using var go = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        using var rig = new HttpReactorsRig(2, (i, _) =>
        {
            if (i == 0)
                return;
            isHeld.Set();
            go.Wait(Waiting.Limit);
        });
        Task<(HttpStatusCode Status, string Text)>[] answers = [rig.AskAsync(), rig.AskAsync()];
        Assert.True(isHeld.Wait(Waiting.Limit));
        Task stopped = rig.Server.StopAsync(TimeSpan.Zero);
        Assert.All(await Task.WhenAll(answers).Soon(), answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        ReactorsRig.Until(() => rig.Server.RequestsUnderWay == 0);
        await rig.Server.Reactor.InvokeAsync(() => true).Soon();
        Assert.Equal(0, rig.Handlers[0].Stops);
        go.Set();
        await stopped.Soon();
        Assert.Equal(1, rig.Handlers[0].Stops);
    }

    [Fact]
    public async Task The_end_of_one_of_its_reactors_ends_the_server()
    {
        using var rig = new HttpReactorsRig(2);
        Task<(HttpStatusCode Status, string Text)>[] answers = [rig.AskKept(), rig.AskKept()];
        rig.Further[0].Stop();
        Assert.All(await Task.WhenAll(answers).Soon(), answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        await rig.Server.Completion.Soon();
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
    }

    [Fact]
    public async Task A_new_method_is_there_once_all_reactors_have_its_handler()
    {
        using var rig = new HttpReactorsRig(2);
        foreach (Reactor reactor in rig.Server.Reactors)
        {
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await rig.AskAsync(HttpMethod.Put).Soon()).Status);
            rig.Server.Replace(new HttpTestHandler(exchange => exchange.Complete("put")) { Methods = ["GET", "POST", "PUT"] }, reactor);
        }

        Assert.Equal("put", (await rig.AskAsync(HttpMethod.Put).Soon()).Text);
    }

    [Fact]
    public void Its_state_is_a_shared_table_with_several_reactors_only()
    {
        using var one = new HttpReactorsRig(1);
        using var two = new HttpReactorsRig(2);
        Assert.IsNotType<SharedTable>(one.Server.State);
        Assert.IsType<SharedTable>(two.Server.State);
    }
}
