namespace TwistedPS.Engine.Services;

/// <summary>
/// A watchdog for handlers that hold their reactor: alone, or many of them in one step of its loop. It ticks only while
/// handlers run, so an idle reactor has no timer at all.
/// </summary>
internal sealed class HandlerWatch : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(500);
    private const int TicksAllowed = 2;

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Func<long> _steps;
    private readonly Action<HandlerCall> _held;
    private volatile CallContext? _current;
    private readonly object _interrupting = new();
    private volatile bool _ticking;
    private volatile bool _interrupted;
    private long _lastSeen = -1;
    private int _ticksSeen;
    private volatile int _measurers;
    private long _measuredSince;

    /// <param name="time">The clock.</param>
    /// <param name="steps">Returns the number of the loop's present step, on a timer's thread.</param>
    /// <param name="held">
    /// Called once for each step that lasts longer than a second, with the handler that runs then, on a timer's thread.
    /// </param>
    public HandlerWatch(TimeProvider time, Func<long> steps, Action<HandlerCall> held)
    {
        (_time, _steps, _held) = (time, steps, held);
        _timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The call in progress; null if there is none. May be read from any thread.</summary>
    public CallContext? Current => _current;

    /// <summary>The listener to the times of all calls; null for none.</summary>
    public IHandlerListener? TimesListener { get; set; }

    /// <summary>Begins a call. Returns the one that it interrupts, for <see cref="Exit"/>.</summary>
    public CallContext? Enter(CallContext call)
    {
        CallContext? outer = _current;
        call.Outer = outer;
        _current = call;
        if (!_ticking)
            StartTicking();
        if (_measurers > 0)
            call.Began = _time.GetTimestamp();
        return outer;
    }

    /// <summary>Ends a call.</summary>
    public void Exit(CallContext? outer)
    {
        if (_measurers > 0)
            Record(_current);
        _current = outer;
        if (_interrupted)
            EndInterrupt();
    }

    /// <summary>Begins to measure the times of all calls that begin from now on. From any thread.</summary>
    public void BeginMeasuring()
    {
        Volatile.Write(ref _measuredSince, _time.GetTimestamp());
        Interlocked.Increment(ref _measurers);
    }

    /// <summary>Undoes one <see cref="BeginMeasuring"/>.</summary>
    public void EndMeasuring() => Interlocked.Decrement(ref _measurers);

    /// <summary>Ends whatever a call waits for in .NET, if it is still in progress. From any thread.</summary>
    /// <param name="call">The call.</param>
    /// <param name="thread">The thread of the reactor.</param>
    public void Interrupt(CallContext call, Thread thread)
    {
        lock (_interrupting)
        {
            if (_current != call)
                return;
            _interrupted = true;
            thread.Interrupt();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Record(CallContext? call)
    {
        // One that began while nobody measured has the timestamp of an earlier call, or none.
        if (call is null || call.Began < _measuredSince)
            return;
        TimeSpan time = _time.GetElapsedTime(call.Began);
        call.Handler.Times?.Record((long)time.TotalNanoseconds);
        TimesListener?.Called(call.Handler, time);
    }

    /// <summary>Takes an interrupt that the call has not met, which would else hit the loop.</summary>
    private void EndInterrupt()
    {
        lock (_interrupting)
        {
            _interrupted = false;
            try
            {
                Monitor.Wait(_interrupting, TimeSpan.FromMilliseconds(1));
            }
            catch (ThreadInterruptedException)
            {
                // Only now can it not hit the loop any more.
            }
        }
    }

    private void StartTicking()
    {
        _ticking = true;
        _timer.Change(s_tick, s_tick);
        TimesListener?.Check();
    }

    private void Tick()
    {
        TimesListener?.Check();
        long step = _steps();
        CallContext? current = _current;
        if (step != _lastSeen)
        {
            (_lastSeen, _ticksSeen) = (step, 0);
        }
        else if (current is null)
        {
            // Stop first and check again: a call that begins now either is seen here or starts the ticking itself. The
            // barrier is on this side only, since the other one runs for each call.
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _ticking = false;
            Interlocked.MemoryBarrierProcessWide();
            if (_current is not null)
                StartTicking();
        }
        else if (++_ticksSeen == TicksAllowed)
        {
            _held(current.Handler);
        }
    }
}
