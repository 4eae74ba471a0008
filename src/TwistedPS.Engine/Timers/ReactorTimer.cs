using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Timers;

namespace TwistedPS;

/// <summary>
/// A timer that calls a handler later, once or repeatedly (Twisted's <c>callLater</c> and <c>LoopingCall</c>). A call lasts
/// until the deferreds that the handler outputs have fired. Members may be used from any thread.
/// </summary>
public sealed class ReactorTimer : Service
{
    private static int s_lastId;

    private readonly ReactorTimerOptions _options;
    private readonly ITimerHandler _handler;
    private readonly HandlerCall _onTick;
    private readonly List<Deferred> _awaited = [];
    private volatile DelayedCall? _next;
    private bool _isCalling;
    private long _start;
    private long _calls;
    private long _skipped;
    private long _lastTick = -1;

    internal ReactorTimer(Reactor reactor, ReactorTimerOptions options, ITimerHandler handler)
        : base(reactor, options.Name, Interlocked.Increment(ref s_lastId))
    {
        _options = options;
        _handler = handler;
        _onTick = new HandlerCall(this, "OnTick");
    }

    /// <summary>The state of the timer.</summary>
    public ReactorTimerStatus Status { get; private set; }

    /// <summary>The time from one call to the next; null for a timer that makes one call.</summary>
    public TimeSpan? Interval => _options.Interval;

    /// <summary>The number of calls to make; null for no limit.</summary>
    public int? Count => Interval is null ? 1 : _options.Count;

    /// <summary>The number of calls made.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>
    /// The number of calls skipped up to the last one, because the reactor, the handler or a deferred that it has output was
    /// busy when they were due.
    /// </summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>The due time of the next call, in local time; null during a call and when none is to come.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            if (_next is not { } next)
                return null;
            DateTimeOffset now = Reactor.TimeProvider.GetLocalNow();
            TimeSpan left = Reactor.TimeProvider.GetElapsedTime(Reactor.Now, next.Due);
            return left < DateTimeOffset.MaxValue - now ? now + left : DateTimeOffset.MaxValue;
        }
    }

    /// <inheritdoc/>
    public override string Description =>
        $"timer {Name} ({(Interval is { } interval ? $"every {interval}" : $"after {_options.Delay}")})";

    internal override bool OwnsWhatItStarts => false;

    private TimeSpan SinceFirstDue => Reactor.TimeProvider.GetElapsedTime(_start) - _options.Delay;

    /// <summary>The last call that is due by now, counted from 0, whether it was made or not.</summary>
    private long LastDueTick => Interval is { } interval ? SinceFirstDue.Ticks / interval.Ticks : 0;

    /// <summary>Stops it without waiting.</summary>
    public override void Dispose() => _ = StopAsync();

    /// <summary>Starts to count the time. On the reactor's thread only.</summary>
    internal void Start()
    {
        _start = Reactor.Now;
        Reactor.Add(this);
        ReactorLog.Add(LogLevel.Information, "Started");
        WaitFor(0);
    }

    /// <summary>
    /// Prevents further calls. A call in progress runs to its end, but the deferreds that it waits for are cancelled.
    /// </summary>
    internal Task StopAsync()
    {
        Reactor.Do(() =>
        {
            End(ReactorTimerStatus.Stopped);

            // In turns of their own: the caller may be a handler, and handlers are not nested.
            foreach (Deferred deferred in _awaited)
                Reactor.Post(deferred.Cancel);
        });
        return Completion;
    }

    /// <summary>
    /// Has the call in progress wait for a deferred of its reactor, whose error ends the timer, as one of the handler does.
    /// On the reactor's thread only, in the call.
    /// </summary>
    /// <param name="deferred">The deferred.</param>
    /// <param name="failed">Called with its error, unless that is its cancellation.</param>
    internal void Await(Deferred deferred, Action<Exception> failed)
    {
        _awaited.Add(deferred);
        deferred.AddCallbacks(
            result =>
            {
                Settled(deferred, null);
                return result;
            },
            error =>
            {
                if (error is not DeferredCancelledException)
                    failed(error);
                Settled(deferred, error);
                return Outcome.Failed(error);
            });
    }

    internal override Task EndAsync(TimeSpan drainTime) => StopAsync();

    internal override void Abandon()
    {
        _next = null;
        Status = ReactorTimerStatus.Stopped;
        Reactor.Remove(this);
        EndLife();
    }

    // Each call is due at its own offset from the start, so that the lateness of one never delays the others.
    private void WaitFor(long tick)
    {
        var due = new TimeSpan(tick * (Interval?.Ticks ?? 0));
        _next = Reactor.CallLater(due - SinceFirstDue, Tick);
    }

    private void Tick()
    {
        _next = null;
        long due = Math.Max(_lastTick + 1, LastDueTick);
        Volatile.Write(ref _skipped, _skipped + due - _lastTick - 1);
        _lastTick = due;
        Volatile.Write(ref _calls, _calls + 1);
        bool hasReturned = false;
        _isCalling = true;
        try
        {
            if (!Call(_onTick, null, this, static timer => timer._handler.Tick(timer, timer._calls)))
                End(ReactorTimerStatus.Failed);
            hasReturned = true;
        }
        finally
        {
            _isCalling = false;
            GoOn(hasReturned);
        }
    }

    private void Settled(Deferred deferred, Exception? error)
    {
        _awaited.Remove(deferred);
        if (error is not null)
            End(error is DeferredCancelledException ? ReactorTimerStatus.Stopped : ReactorTimerStatus.Failed);
        if (!_isCalling)
            GoOn(hasReturned: true);
    }

    private void GoOn(bool hasReturned)
    {
        if (_awaited.Count > 0)
            return;

        // Only an interruption leaves a timer running after its last call.
        if (Calls == Count)
            End(hasReturned ? ReactorTimerStatus.Completed : ReactorTimerStatus.Stopped);
        if (Status == ReactorTimerStatus.Running)
            WaitFor(Math.Max(_lastTick, LastDueTick) + 1);
        else
            Finish();
    }

    private void End(ReactorTimerStatus status)
    {
        if (Status != ReactorTimerStatus.Running)
            return;
        Status = status;

        // Without a next call, one is in progress, and may finish first.
        if (_next is not { } next)
            return;
        _next = null;
        next.Cancel();
        Finish();
    }

    private void Finish()
    {
        Reactor.Remove(this);
        ReactorLog.Add(LogLevel.Information, $"{Status} after {Calls} calls");
        ReactorLog.Written.ContinueWith(
            _ => EndLife(), default, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
