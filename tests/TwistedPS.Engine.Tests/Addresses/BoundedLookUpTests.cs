using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class BoundedLookUpTests : IDisposable
{
    private readonly ManualResetEventSlim _answer = new();
    private readonly SemaphoreSlim _places = new(3);
    private readonly CancellationTokenSource _giveUp = new();
    private readonly BoundedLookUp _lookUp;
    private int _running;

    public BoundedLookUpTests() => _lookUp = new BoundedLookUp(LookUp, _places);

    [Fact]
    public async Task No_more_than_the_limit_run_at_once_and_the_others_follow()
    {
        Task<IPAddress[]>[] lookups = Start(5);
        UntilRunning(3);
        Assert.Equal(0, _places.CurrentCount);
        _answer.Set();
        Assert.All(await Task.WhenAll(lookups).Soon(), found => Assert.Equal([IPAddress.Loopback], found));
        Assert.Equal(5, _running);
    }

    [Fact]
    public async Task Those_that_never_end_are_given_up_and_those_that_wait_leave()
    {
        Task<IPAddress[]>[] lookups = Start(5);
        UntilRunning(3);
        await _giveUp.CancelAsync();
        foreach (Task<IPAddress[]> lookup in lookups)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lookup.Soon());
        _answer.Set();

        // The next has a place as soon as one of them has ended after all.
        Assert.Equal([IPAddress.Loopback], await _lookUp.LookUpAsync("name", default).Soon());
        Assert.Equal(4, _running);
    }

    [Fact]
    public async Task Those_that_never_end_have_none_of_the_threads_that_others_need()
    {
        Start(5);
        UntilRunning(3);
        ThreadPool.GetMinThreads(out int threads, out _);

        // As many at once as there are without waiting for more.
        using var together = new Barrier(threads);
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() => together.SignalAndWait(Waiting.Limit)))).Soon();
    }

    [Fact]
    public async Task The_error_of_a_lookup_is_passed_on_and_its_place_is_free()
    {
        for (int i = 0; i < 5; i++)
            await Assert.ThrowsAsync<SocketException>(() => _lookUp.LookUpAsync("unknown", default).Soon());
        Assert.True(SpinWait.SpinUntil(() => _places.CurrentCount == 3, Waiting.Limit));
    }

    public void Dispose()
    {
        _answer.Set();
        _giveUp.Dispose();
    }

    private Task<IPAddress[]>[] Start(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => _lookUp.LookUpAsync("name", _giveUp.Token))];

    private void UntilRunning(int count) => Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _running) == count, Waiting.Limit));

    private IPAddress[] LookUp(string name)
    {
        if (name == "unknown")
            throw new SocketException((int)SocketError.HostNotFound);
        Interlocked.Increment(ref _running);
        _answer.Wait();
        return [IPAddress.Loopback];
    }
}
