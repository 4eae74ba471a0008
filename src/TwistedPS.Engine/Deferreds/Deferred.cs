using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Loop;

namespace TwistedPS;

/// <summary>
/// A result that comes later, and the chain of callbacks that it will go through (Twisted's <c>Deferred</c>). It fires
/// once. Public members may be used from any thread; what they ask for is done on the reactor's thread, soon.
/// </summary>
public sealed class Deferred : IDisposable
{
    private const int Unfired = 0;
    private const int HasFired = 1;
    private const int IgnoresNext = 2;
    private static int s_lastId;

    private Action<Deferred>? _canceller;
    private int _firing;
    private volatile Outcome? _outcome;
    private TaskCompletionSource? _settling;
    private FailureGuard? _guard;

    /// <param name="reactor">Where its callbacks run.</param>
    /// <param name="origin">Where it is made, for messages about failures that nobody handles.</param>
    /// <param name="canceller">
    /// Called by <see cref="Cancel"/> before it has fired; it may fire it. What it throws is the error. Without one, whoever
    /// was to fire it need not know that it was cancelled: what comes from there first is ignored.
    /// </param>
    internal Deferred(Reactor reactor, string? origin = null, Action<Deferred>? canceller = null)
    {
        Id = Interlocked.Increment(ref s_lastId);
        Reactor = reactor;
        Origin = origin;
        Chain = new DeferredChain(this);
        _canceller = canceller;
    }

    /// <summary>The number of this deferred, counted from 1 in this process.</summary>
    public int Id { get; }

    /// <summary>The reactor that runs its callbacks.</summary>
    public Reactor Reactor { get; }

    /// <summary>Where it was made, for example <c>C:\x.ps1:12</c>; null if that is not known.</summary>
    public string? Origin { get; }

    /// <summary>Where it is in its life. While a callback of it runs, it waits.</summary>
    public DeferredStatus Status => _outcome switch
    {
        null => DeferredStatus.Waiting,
        { Error: null } => DeferredStatus.Succeeded,
        { Error: DeferredCancelledException } => DeferredStatus.Cancelled,
        _ => DeferredStatus.Failed,
    };

    /// <summary>The present result of its chain; null while it waits, and after an error.</summary>
    public object? Result => _outcome?.Result;

    /// <summary>The present error of its chain; null if there is none. Whoever reads it has not handled it.</summary>
    public Exception? Error => _outcome?.Error;

    internal DeferredChain Chain { get; }

    /// <summary>
    /// Ends when it has a result or an error and no callback is left to run, however it went; that handles no error. It is
    /// cancelled when the reactor ends first.
    /// </summary>
    internal Task Fired
    {
        get
        {
            if (_outcome is not null)
                return Task.CompletedTask;
            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task fired = (Interlocked.CompareExchange(ref _settling, created, null) ?? created).Task;

            // It may have settled before the source was there to be seen.
            if (_outcome is not null)
                NotifySettled();
            return fired.WaitAsync(Reactor.Deferreds.Ended);
        }
    }

    /// <summary>A deferred that fires with what a task ends with; the value of the task is the result.</summary>
    /// <param name="reactor">Where its callbacks run.</param>
    /// <param name="task">The task. If it is cancelled, so is the deferred.</param>
    /// <param name="origin">Where it is made.</param>
    /// <param name="cancel">
    /// Asks the task to end, when the deferred is cancelled: <see cref="CancellationTokenSource.Cancel()"/> of its source.
    /// The deferred does not wait for it.
    /// </param>
    internal static Deferred FromTask(Reactor reactor, Task task, string? origin = null, Action? cancel = null)
    {
        var deferred = new Deferred(reactor, origin, cancel is null ? null : _ => cancel());
        task.ContinueWith(ended => deferred.TryFire(Outcome.Of(ended)), TaskScheduler.Default);
        return deferred;
    }

    /// <summary>
    /// Fires when all of them have, with an array of their results in the order given, or with the first error (Twisted's
    /// <c>gatherResults</c>). Their errors are handled thereby; their results stay. To cancel it cancels them. On the
    /// reactor's thread only.
    /// </summary>
    internal static Deferred WhenAll(Reactor reactor, IReadOnlyCollection<Deferred> deferreds, string? origin = null) =>
        DeferredGroup.WhenAll(reactor, deferreds, origin);

    /// <summary>
    /// Fires with the first result, and cancels the others; if all of them fail, with an <see cref="AggregateException"/> of
    /// their errors (Twisted's <c>race</c>). It takes over what they end with. To cancel it cancels them. On the reactor's
    /// thread only.
    /// </summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    internal static Deferred WhenAny(Reactor reactor, IReadOnlyCollection<Deferred> deferreds, string? origin = null) =>
        DeferredGroup.WhenAny(reactor, deferreds, origin);

    /// <summary>Fires it with a result (Twisted's <c>callback</c>).</summary>
    /// <exception cref="ArgumentException">The result is a deferred. Only a callback may return one.</exception>
    /// <exception cref="DeferredAlreadyFiredException">It has fired before, or will, since another thread asked for it.</exception>
    public void Succeed(object? result = null)
    {
        Fire(Outcome.Succeeded(result));
    }

    /// <summary>Fires it with an error (Twisted's <c>errback</c>).</summary>
    /// <exception cref="DeferredAlreadyFiredException">It has fired before, or will, since another thread asked for it.</exception>
    public void Fail(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Fire(Outcome.Failed(error));
    }

    /// <summary>
    /// Fires it with a <see cref="DeferredCancelledException"/>, unless its canceller does otherwise. If it waits for another
    /// deferred, that one is cancelled. Does nothing when it has a result.
    /// </summary>
    public void Cancel() => Reactor.Do(() => Chain.Last.CancelUnfired());

    /// <summary>Cancels it.</summary>
    public void Dispose() => Cancel();

    /// <summary>
    /// Takes over the result, or the error, which is handled thereby (Twisted's <c>asFuture</c>); the deferred is left with
    /// null. The task is cancelled with the deferred, and when the reactor ends first.
    /// </summary>
    public Task<object?> AsTask()
    {
        var source = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Reactor.Do(() => AddCallbacks(
            result =>
            {
                source.SetResult(result);
                return null;
            },
            error =>
            {
                if (error is DeferredCancelledException)
                    source.SetCanceled();
                else
                    source.SetException(error);
                return null;
            }));
        return source.Task.WaitAsync(Reactor.Deferreds.Ended);
    }

    /// <summary>The number, the status and the origin.</summary>
    public override string ToString() => $"deferred {Id} ({Status}{(Origin is null ? "" : $", {Origin}")})";

    /// <summary>
    /// Adds a step to its chain: the one is called with a result, the other with an error (Twisted's <c>addCallbacks</c>).
    /// What it returns is the next result; what it throws, the next error; a deferred it returns is waited for, and its
    /// outcome taken over. Null passes on what there is. On the reactor's thread only; called at once if it can be.
    /// </summary>
    internal void AddCallbacks(Func<object?, object?>? callback, Func<Exception, object?>? errback) =>
        Chain.Add(new DeferredLink(callback, errback, null));

    /// <summary>
    /// Cancels it after <paramref name="time"/> unless all steps added so far are through (Twisted's <c>addTimeout</c>). The
    /// error is then a <see cref="TimeoutException"/>, unless they make something else of it. On the reactor's thread only.
    /// </summary>
    internal void SetTimeout(TimeSpan time)
    {
        bool isTimedOut = false;
        DelayedCall limit = Reactor.CallLater(time, () =>
        {
            isTimedOut = true;
            Cancel();
        });
        AddCallbacks(
            result =>
            {
                limit.Cancel();
                return result;
            },
            error =>
            {
                limit.Cancel();
                return Outcome.Failed(isTimedOut && error is DeferredCancelledException ? TimedOut(time, error) : error);
            });
    }

    /// <summary>Says that its present error is handled. From any thread.</summary>
    internal void MarkHandled() => Interlocked.Exchange(ref _guard, null)?.Dispose();

    /// <summary>This one; for another reactor, one that takes over what this one ends with.</summary>
    internal Deferred On(Reactor reactor) =>
        reactor == Reactor ? this : FromTask(reactor, AsTask(), Origin, Cancel);

    /// <returns>False when it has fired before.</returns>
    internal bool TryFire(Outcome outcome) => TryFire(outcome, HasFired);

    /// <summary>Shows what its chain has come to. On the reactor's thread only.</summary>
    internal void Settle(Outcome outcome)
    {
        if (outcome.Error is { } error and not DeferredCancelledException)
            _guard = Reactor.Deferreds.Guard(Reactor, new UnhandledFailure(Id, Origin, error));
        _outcome = outcome;
        NotifySettled();
    }

    /// <summary>Shows that its chain goes on, and will see to the error there may be. On the reactor's thread only.</summary>
    internal void Unsettle()
    {
        _outcome = null;
        MarkHandled();
    }

    private void NotifySettled() => Interlocked.Exchange(ref _settling, null)?.TrySetResult();

    /// <summary>Does what <see cref="Succeed"/> and <see cref="Fail"/> do.</summary>
    /// <returns>False when it was cancelled and ignores this.</returns>
    internal bool Fire(Outcome outcome)
    {
        if (outcome.Result is Deferred)
            throw new ArgumentException("A deferred can't be the result of another one.", nameof(outcome));
        if (TryFire(outcome))
            return true;
        if (Interlocked.CompareExchange(ref _firing, HasFired, IgnoresNext) != IgnoresNext)
            throw new DeferredAlreadyFiredException($"The {this} has fired already.");
        return false;
    }

    private bool TryFire(Outcome outcome, int firing)
    {
        if (Interlocked.CompareExchange(ref _firing, firing, Unfired) != Unfired)
            return false;
        _canceller = null;
        Reactor.Do(() => Chain.Start(outcome));
        return true;
    }

    private void CancelUnfired()
    {
        if (Volatile.Read(ref _firing) != Unfired)
            return;
        Action<Deferred>? canceller = _canceller;
        _canceller = null;
        try
        {
            canceller?.Invoke(this);
        }
        catch (Exception e) when (e is not ReactorInterruptedException)
        {
            if (!TryFire(Outcome.Failed(e)))
                Reactor.Deferreds.Report(new UnhandledFailure(Id, Origin, e));
        }
        finally
        {
            var cancelled = new DeferredCancelledException($"Deferred {Id} was cancelled.");
            TryFire(Outcome.Failed(cancelled), canceller is null ? IgnoresNext : HasFired);
        }
    }

    private TimeoutException TimedOut(TimeSpan time, Exception cause) =>
        new($"Deferred {Id} had no result within {time.TotalSeconds:0.###} s.", cause);
}
