using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace TwistedPS.Engine.Deferreds;

/// <summary>
/// A reactor's knowledge of its deferreds: those that may be asked for by number or name, the failures not handled yet, and,
/// for those who wait, the end of the reactor. It keeps none alive but the last that have succeeded. Members may be called
/// from any thread.
/// </summary>
internal sealed class ReactorDeferreds : IDisposable
{
    private const int MostKept = 20;

    private readonly ConditionalWeakTable<Deferred, object?> _listed = [];
    private readonly List<Deferred> _kept = [];
    private readonly ConcurrentDictionary<WeakReference<FailureGuard>, bool> _guards = new();
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Raised on any thread, the finalizer's too, for a failure that nobody has handled or still can.</summary>
    public event Action<UnhandledFailure>? FailureUnhandled;

    /// <summary>Cancelled when the reactor has ended and nothing more will fire.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>The listed deferreds that somebody still holds, oldest first.</summary>
    public Deferred[] Listed => [.. _listed.Select(it => it.Key).OrderBy(deferred => deferred.Id)];

    public void List(Deferred deferred) => _listed.AddOrUpdate(deferred, null);

    /// <summary>Keeps a deferred alive until others have taken its place.</summary>
    public void Keep(Deferred deferred)
    {
        lock (_kept)
        {
            _kept.Remove(deferred);
            if (_kept.Count == MostKept)
                _kept.RemoveAt(0);
            _kept.Add(deferred);
        }
    }

    /// <summary>Keeps a deferred alive no longer.</summary>
    public void Drop(Deferred deferred)
    {
        lock (_kept)
            _kept.Remove(deferred);
    }

    public FailureGuard Guard(Reactor reactor, UnhandledFailure failure)
    {
        var guard = new FailureGuard(reactor, failure);
        _guards.TryAdd(guard.Reference, true);
        return guard;
    }

    /// <returns>False if it was already removed.</returns>
    public bool Remove(FailureGuard guard) => _guards.TryRemove(guard.Reference, out _);

    public void Report(UnhandledFailure failure) => FailureUnhandled?.Invoke(failure);

    /// <summary>Reports what is left when the reactor has ended, oldest first: at exit no garbage is collected.</summary>
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
        lock (_kept)
            _kept.Clear();
        _ended.Cancel();
    }
}
