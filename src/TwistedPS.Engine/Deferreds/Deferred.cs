using Newtonsoft.Json;
using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Loop;

namespace TwistedPS;

/// <summary>
/// A result that comes later, and the chain of callbacks that it passes through (Twisted's <c>Deferred</c>). It fires once.
/// Public members may be used from any thread; their work is done on the reactor's thread, soon.
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
    private bool _isKept;

    /// <param name="reactor">The reactor of its callbacks.</param>
    /// <param name="origin">The place of its creation, for messages about unhandled failures.</param>
    /// <param name="canceller">
    /// Called by <see cref="Cancel"/> before it has fired; it may fire it, and its exception becomes the error. Without a
    /// canceller, the source need not know of the cancellation: its first attempt to fire is ignored.
    /// </param>
    internal Deferred(Reactor reactor, string? origin = null, Action<Deferred>? canceller = null)
    {
        Id = Interlocked.Increment(ref s_lastId);
        Name = $"{nameof(Deferred)}{Id}";
        Reactor = reactor;
        Origin = origin;
        Chain = new DeferredChain(this);
        _canceller = canceller;
    }

    /// <summary>The number of this deferred, counted from 1 in this process.</summary>
    public int Id { get; }

    /// <summary>Its name, for lists; Deferred and the number by default.</summary>
    public string Name { get; private set; }

    /// <summary>The reactor that runs its callbacks.</summary>
    [JsonIgnore]
    public Reactor Reactor { get; }

    /// <summary>The place of its creation, for example <c>C:\x.ps1:12</c>; null if unknown.</summary>
    public string? Origin { get; }

    /// <summary>The state of the deferred; Waiting while one of its callbacks runs.</summary>
    public DeferredStatus Status => _outcome switch
    {
        null => DeferredStatus.Waiting,
        { Error: null } => DeferredStatus.Succeeded,
        { Error: DeferredCancelledException } => DeferredStatus.Cancelled,
        _ => DeferredStatus.Failed,
    };

    /// <summary>The current result of its chain; null while it waits, and after an error.</summary>
    [JsonIgnore]
    public object? Result => _outcome?.Result;

    /// <summary>The current error of its chain; null if there is none. Reading it does not handle it.</summary>
    internal Exception? Error => _outcome?.Error;

    internal DeferredChain Chain { get; }

    /// <summary>
    /// Completes, even after an error, once it has fired and no callback is left to run; this handles no error. It is
    /// cancelled if the reactor ends first.
    /// </summary>
    internal Task Fired
    {
        get
        {
            if (_outcome is not null)
                return Task.CompletedTask;
            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task fired = (Interlocked.CompareExchange(ref _settling, created, null) ?? created).Task;

            // It may have settled before the source became visible.
            if (_outcome is not null)
                NotifySettled();
            return fired.WaitAsync(Reactor.Deferreds.Ended);
        }
    }

    /// <summary>Creates a deferred that fires with the outcome of a task; the value of the task is the result.</summary>
    /// <param name="reactor">The reactor of its callbacks.</param>
    /// <param name="task">The task. If it is cancelled, so is the deferred.</param>
    /// <param name="origin">The place of its creation.</param>
    /// <param name="cancel">
    /// Asks the task to end when the deferred is cancelled: <see cref="CancellationTokenSource.Cancel()"/> of its source.
    /// The deferred does not wait for it.
    /// </param>
    internal static Deferred FromTask(Reactor reactor, Task task, string? origin = null, Action? cancel = null)
    {
        var deferred = new Deferred(reactor, origin, cancel is null ? null : _ => cancel());
        task.ContinueWith(ended => deferred.TryFire(Outcome.Of(ended)), TaskScheduler.Default);
        return deferred;
    }

    /// <summary>
    /// Creates a deferred that fires when all of them have, with an array of their results in the given order, or with the
    /// first error (Twisted's <c>gatherResults</c>). It handles their errors and leaves their results. Cancelling it cancels
    /// them. On the reactor's thread only.
    /// </summary>
    internal static Deferred WhenAll(Reactor reactor, IReadOnlyCollection<Deferred> deferreds, string? origin = null) =>
        DeferredGroup.WhenAll(reactor, deferreds, origin);

    /// <summary>
    /// Creates a deferred that fires with the first result, and cancels the others; if all of them fail, with an
    /// <see cref="AggregateException"/> of their errors (Twisted's <c>race</c>). It consumes their outcomes. Cancelling it
    /// cancels them. On the reactor's thread only.
    /// </summary>
    /// <exception cref="ArgumentException">The collection is empty.</exception>
    internal static Deferred WhenAny(Reactor reactor, IReadOnlyCollection<Deferred> deferreds, string? origin = null) =>
        DeferredGroup.WhenAny(reactor, deferreds, origin);

    /// <summary>Fires it with a result (Twisted's <c>callback</c>).</summary>
    /// <exception cref="ArgumentException">The result is a deferred. Only a callback may return one.</exception>
    /// <exception cref="DeferredAlreadyFiredException">It has fired, or is about to for another thread.</exception>
    public void Succeed(object? result = null)
    {
        Fire(Outcome.Succeeded(result));
    }

    /// <summary>Fires it with an error (Twisted's <c>errback</c>).</summary>
    /// <exception cref="DeferredAlreadyFiredException">It has fired, or is about to for another thread.</exception>
    public void Fail(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Fire(Outcome.Failed(error));
    }

    /// <summary>
    /// Fires it with a <see cref="DeferredCancelledException"/>, unless its canceller does otherwise. If it waits for
    /// another deferred, that one is cancelled instead. Does nothing once it has a result.
    /// </summary>
    public void Cancel() => Reactor.Do(() => Chain.Last.CancelUnfired());

    /// <summary>Cancels it.</summary>
    public void Dispose() => Cancel();

    /// <summary>
    /// Moves the result, or the error, which is thereby handled, to a task (Twisted's <c>asFuture</c>); the deferred is left
    /// with null. The task is cancelled with the deferred, or when the reactor ends first.
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

    /// <summary>Returns the number, the status and the origin.</summary>
    public override string ToString() => $"deferred {Id} ({Status}{(Origin is null ? "" : $", {Origin}")})";

    /// <summary>
    /// Adds a step to its chain: one callback for a result, the other for an error (Twisted's <c>addCallbacks</c>). Its
    /// return value is the next result, its exception the next error; a returned deferred is awaited, and its outcome
    /// adopted. Null passes the outcome on. On the reactor's thread only; called at once if possible.
    /// </summary>
    internal void AddCallbacks(Func<object?, object?>? callback, Func<Exception, object?>? errback) =>
        Chain.Add(new DeferredLink(callback, errback, null));

    /// <summary>
    /// Cancels it after <paramref name="time"/> unless all steps added so far are done (Twisted's <c>addTimeout</c>). The
    /// error is then a <see cref="TimeoutException"/>, unless those steps replace it. On the reactor's thread only.
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

    /// <summary>Marks its current error as handled. From any thread.</summary>
    internal void MarkHandled() => Interlocked.Exchange(ref _guard, null)?.Dispose();

    /// <summary>Lists it among the deferreds of its reactor. On the reactor's thread only.</summary>
    /// <param name="name">The name; null for the default one.</param>
    /// <param name="isKept">Whether it is kept for a while once it has succeeded, even if nobody else holds it.</param>
    internal void List(string? name, bool isKept)
    {
        (Name, _isKept) = (name ?? Name, isKept);
        Reactor.Deferreds.List(this);
        if (_isKept && Status == DeferredStatus.Succeeded)
            Reactor.Deferreds.Keep(this);
    }

    /// <summary>Returns this one; for another reactor, a new one that adopts its outcome.</summary>
    internal Deferred On(Reactor reactor) =>
        reactor == Reactor ? this : FromTask(reactor, AsTask(), Origin, Cancel);

    /// <returns>False if it has already fired.</returns>
    internal bool TryFire(Outcome outcome) => TryFire(outcome, HasFired);

    /// <summary>Publishes the outcome of its chain. On the reactor's thread only.</summary>
    internal void Settle(Outcome outcome)
    {
        if (outcome.Error is { } error and not DeferredCancelledException)
            _guard = Reactor.Deferreds.Guard(Reactor, new UnhandledFailure(Id, Origin, error));
        _outcome = outcome;
        if (_isKept && outcome.Error is null)
            Reactor.Deferreds.Keep(this);
        NotifySettled();
    }

    /// <summary>Withdraws the outcome: its chain goes on, and deals with any error. On the reactor's thread only.</summary>
    internal void Unsettle()
    {
        if (_isKept)
            Reactor.Deferreds.Drop(this);
        _outcome = null;
        MarkHandled();
    }

    private void NotifySettled() => Interlocked.Exchange(ref _settling, null)?.TrySetResult();

    /// <summary>Fires it, like <see cref="Succeed"/> and <see cref="Fail"/>.</summary>
    /// <returns>False if it was cancelled and ignores this outcome.</returns>
    internal bool Fire(Outcome outcome)
    {
        if (outcome.Result is Deferred)
            throw new ArgumentException("A deferred can't be the result of another one.", nameof(outcome));
        if (TryFire(outcome))
            return true;
        if (Interlocked.CompareExchange(ref _firing, HasFired, IgnoresNext) != IgnoresNext)
            throw new DeferredAlreadyFiredException($"The {this} has already fired.");
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
