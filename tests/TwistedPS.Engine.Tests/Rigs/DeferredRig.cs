using System.Runtime.CompilerServices;

namespace TwistedPS.Tests;

/// <summary>A reactor turned by hand, for deferreds.</summary>
internal sealed class DeferredRig : IDisposable
{
    private readonly ManualClock _time = new();

    public DeferredRig()
    {
        Reactor = new Reactor(time: _time);
        Reactor.Deferreds.FailureUnhandled += Unhandled.Add;
    }

    public Reactor Reactor { get; }

    /// <summary>The reported failures, in order.</summary>
    public List<UnhandledFailure> Unhandled { get; } = [];

    public Deferred New(Action<Deferred>? canceller = null) => new(Reactor, "here:1", canceller);

    public Deferred Succeeded(object? result = null) => Fire(New(), deferred => deferred.Succeed(result));

    public Deferred Failed(Exception? error = null) => Fire(New(), deferred => deferred.Fail(error ?? new FormatException("failed")));

    /// <summary>Does work as a handler would; its exceptions propagate.</summary>
    public void Do(Action work)
    {
        Reactor.Post(work);
        Reactor.Iterate();
    }

    /// <summary>Turns the reactor on another thread until a condition holds that depends on other threads.</summary>
    public async Task Until(Func<bool> condition) => Assert.True(await Task.Run(() => Reactor.Run(condition)).Soon());

    public void Advance(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Reactor.Turn(2);
    }

    /// <summary>Does work so that nothing of it stays on the stack, and then collects garbage.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void DoAndCollect(Action work)
    {
        Do(work);
        Collect();
    }

    public static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    public void Dispose() => Reactor.Dispose();

    private Deferred Fire(Deferred deferred, Action<Deferred> fire)
    {
        if (Reactor.IsCurrent)
            fire(deferred);
        else
            Do(() => fire(deferred));
        return deferred;
    }
}
