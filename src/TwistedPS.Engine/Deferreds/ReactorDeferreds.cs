using System.Collections.Concurrent;

namespace TwistedPS.Engine.Deferreds;

/// <summary>
/// What a reactor knows of its deferreds: the failures that nobody has handled yet, and, for whoever waits for one, the
/// end of the reactor. It keeps no deferred alive. Members may be called from any thread.
/// </summary>
internal sealed class ReactorDeferreds : IDisposable
{
    private readonly ConcurrentDictionary<WeakReference<FailureGuard>, bool> _guards = new();
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Raised on any thread, the finalizer's too, when a deferred failed and nobody has handled it or can any more.</summary>
    public event Action<UnhandledFailure>? FailureUnhandled;

    /// <summary>Cancelled when the reactor has ended and nothing will fire any more.</summary>
    public CancellationToken Ended => _ended.Token;

    public FailureGuard Guard(Reactor reactor, UnhandledFailure failure)
    {
        var guard = new FailureGuard(reactor, failure);
        _guards.TryAdd(guard.Reference, true);
        return guard;
    }

    /// <returns>False when it was removed before.</returns>
    public bool Remove(FailureGuard guard) => _guards.TryRemove(guard.Reference, out _);

    public void Report(UnhandledFailure failure) => FailureUnhandled?.Invoke(failure);

    /// <summary>The reactor has ended. Reports what is left, oldest first: a process that ends collects no garbage.</summary>
    public void Dispose()
    {
        var left = new List<FailureGuard>();
        foreach (WeakReference<FailureGuard> reference in _guards.Keys)
        {
            if (reference.TryGetTarget(out FailureGuard? guard))
                left.Add(guard);
        }

        foreach (FailureGuard guard in left.OrderBy(guard => guard.Failure.Id))
            guard.Report();
        _ended.Cancel();
    }
}
