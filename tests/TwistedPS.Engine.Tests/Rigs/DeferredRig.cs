using System.Runtime.CompilerServices;

namespace TwistedPS.Tests;

/// <summary>A reactor that is turned by hand, for deferreds.</summary>
internal sealed class DeferredRig : IDisposable
{
    private readonly ManualClock _time = new();

    public DeferredRig()
    {
        Reactor = new Reactor(time: _time);
        Reactor.Deferreds.FailureUnhandled += Unhandled.Add;
    }

    public Reactor Reactor { get; }

    /// <summary>The failures that were reported, in order.</summary>
    public List<UnhandledFailure> Unhandled { get; } = [];

    public Deferred New(Action<Deferred>? canceller = null) => new(Reactor, "here:1", canceller);

    public Deferred Succeeded(object? result = null) => Fire(New(), deferred => deferred.Succeed(result));

    public Deferred Failed(Exception? error = null) => Fire(New(), deferred => deferred.Fail(error ?? new FormatException("failed")));

    /// <summary>Does it as a handler would; what it throws comes through.</summary>
    public void Do(Action work)
    {
        Reactor.Post(work);
        Reactor.Iterate();
    }

    /// <summary>Turns it on another thread, waiting for what comes from outside.</summary>
    public async Task Until(Func<bool> condition) => Assert.True(await Task.Run(() => Reactor.Run(condition)).Soon());

    public void Advance(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Reactor.Turn(2);
    }

    /// <summary>Does it where nothing of it stays on the stack, and has the garbage collected.</summary>
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
