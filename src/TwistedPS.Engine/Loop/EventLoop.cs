using System.Threading.Channels;

namespace TwistedPS.Engine.Loop;

/// <summary>
/// One thread that waits for sockets, time and posted work, and handles all of it, one at a time. Members may be called from
/// any thread unless they say otherwise.
/// </summary>
internal sealed class EventLoop : IDisposable
{
    private const int ReadBufferSize = 65536;
    private const int PostedPerTurn = 1024;

    private readonly Channel<Action> _posted = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly DelayedCalls _delayed = new();
    private readonly Queue<IFlushable> _toFlush = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Readiness[] _ready = new Readiness[256];
    private int _readyCount;
    private int _readyNext;
    private int _asleep;
    private int _thread;
    private long _steps;
    private volatile bool _stopped;

    /// <param name="poller">The way to wait for sockets.</param>
    /// <param name="time">The clock of all its delayed calls.</param>
    public EventLoop(PollerKind poller, TimeProvider time)
        : this(Pollers.Create(poller), time)
    {
    }

    /// <param name="poller">The poller, which it disposes.</param>
    /// <param name="time">The clock of all its delayed calls.</param>
    public EventLoop(IPoller poller, TimeProvider time) =>
        (Poller, TimeProvider, Slice, Work) = (poller, time, new TimeSlice(time), new WorkClock(time));

    public TimeProvider TimeProvider { get; }

    public IPoller Poller { get; }

    /// <summary>The time for the work in progress, after which it is to leave the rest for a later turn.</summary>
    public TimeSlice Slice { get; }

    /// <summary>The time that it has worked, while somebody measures it.</summary>
    public WorkClock Work { get; }

    /// <summary>The number of things done so far: work, calls, and sockets told to be ready. From any thread.</summary>
    public long Steps => Volatile.Read(ref _steps);

    /// <summary>The single buffer into which all connections are read, one after the other.</summary>
    public byte[] ReadBuffer { get; } = new byte[ReadBufferSize];

    /// <summary>Whether a thread is running it.</summary>
    public bool IsRunning => Volatile.Read(ref _thread) != 0;

    /// <summary>Whether the caller is on the thread that runs it.</summary>
    public bool IsCurrent => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Whether <see cref="Stop"/> was called: it won't run again.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed => _ended.IsCancellationRequested;

    /// <summary>A token that is cancelled when it is disposed.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>The number of times that it was entered.</summary>
    public int Runs { get; private set; }

    /// <summary>The current timestamp of its clock.</summary>
    public long Now => TimeProvider.GetTimestamp();

    /// <summary>The due time of the soonest delayed call, in timestamps of the clock; null if there is none.</summary>
    public long? NextDue => _delayed.NextDue();

    /// <summary>Queues <paramref name="work"/> for the loop's thread (Twisted's <c>callFromThread</c>).</summary>
    public void Post(Action work)
    {
        _posted.Writer.TryWrite(work);
        if (Interlocked.Exchange(ref _asleep, 0) == 1)
            Wake();
    }

    /// <summary>Does <paramref name="work"/> on the loop's thread: at once if called there, otherwise soon.</summary>
    public void Do(Action work)
    {
        if (IsCurrent)
            work();
        else
            Post(work);
    }

    /// <summary>Runs the loop on the calling thread until one of the conditions is met.</summary>
    /// <param name="until">Evaluated before each turn of the loop; true ends it.</param>
    /// <param name="timeout">The longest time by the system's clock, at most 49 days; null for no limit.</param>
    /// <param name="cancel">Ends the loop at once.</param>
    /// <returns>False if the time ran out.</returns>
    /// <exception cref="InvalidOperationException">The loop is already running.</exception>
    public bool Run(Func<bool>? until = null, TimeSpan? timeout = null, CancellationToken cancel = default)
    {
        Enter();
        bool timedOut = false;
        using ITimer? limit = timeout is { } time ? RealTime.After(time, () => Post(() => timedOut = true)) : null;
        using CancellationTokenRegistration wake = cancel.Register(Wake);
        try
        {
            while (!_stopped && !cancel.IsCancellationRequested)
            {
                if (until?.Invoke() == true)
                    return true;
                if (timedOut)
                    return false;
                Turn(mayWait: true);
            }

            return true;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Does what is due now, and returns (Twisted's <c>iterate</c>).</summary>
    /// <returns>Whether there was anything to do.</returns>
    /// <exception cref="InvalidOperationException">The loop is already running.</exception>
    public bool Iterate()
    {
        Enter();
        try
        {
            return Turn(mayWait: false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Does what is due now, within posted work. On the loop's thread only, and not in a handler.</summary>
    public bool IterateWithin() => Turn(mayWait: false);

    /// <summary>Ends <see cref="Run"/> after its current turn, for good.</summary>
    public void Stop()
    {
        if (_stopped)
            return;
        _stopped = true;
        Wake();
    }

    /// <summary>Frees its resources, and cancels the tasks that others await. Not while it runs.</summary>
    public void Dispose()
    {
        _stopped = true;
        _ended.Cancel();
        Poller.Dispose();
    }

    /// <summary>Calls <paramref name="call"/> on the loop's thread after <paramref name="delay"/>. On that thread only.</summary>
    public DelayedCall CallLater(TimeSpan delay, Action call)
    {
        double ticks = Math.Min(delay.TotalSeconds * TimeProvider.TimestampFrequency, long.MaxValue / 2);
        var later = new DelayedCall(this, call, Now + (long)Math.Round(ticks));
        _delayed.Add(later);
        return later;
    }

    public void Forget() => _delayed.Forget();

    /// <summary>Has <paramref name="target"/> send its gathered output at the end of this turn.</summary>
    public void FlushLater(IFlushable target) => _toFlush.Enqueue(target);

    private void Enter()
    {
        if (Interlocked.CompareExchange(ref _thread, Environment.CurrentManagedThreadId, 0) != 0)
            throw new InvalidOperationException("The reactor is already running.");
        Runs++;
        Work.Begin();
    }

    private void Leave()
    {
        Work.End();
        Volatile.Write(ref _thread, 0);
    }

    // The work done may be what Run's caller waits for, so only a turn with nothing to do waits. Every step takes its item
    // off the list before it acts on it: an interrupted handler throws through here, and the next call of Run goes on with
    // the item after it.
    private bool Turn(bool mayWait)
    {
        bool didSomething = DoPosted();
        didSomething |= MakeDueCalls();
        didSomething |= FlushAll();
        if (_readyNext == _readyCount)
            Wait(mayWait && !didSomething && !_stopped);
        didSomething |= TellReady();
        return FlushAll() || didSomething;
    }

    private bool DoPosted()
    {
        int done = 0;
        Slice.Begin();
        while (done < PostedPerTurn && _posted.Reader.TryRead(out Action? work))
        {
            done++;
            NoteStep();
            work();
            if (Slice.IsOver)
                break;
        }

        return done > 0;
    }

    private bool MakeDueCalls()
    {
        bool madeSome = false;
        (long now, long end) = (Now, _delayed.End);
        Slice.Begin();
        while (_delayed.TryDequeueDue(now, end, out DelayedCall call))
        {
            madeSome = true;
            NoteStep();
            call.Make();
            if (Slice.IsOver)
                break;
        }

        return madeSome;
    }

    private bool TellReady()
    {
        bool toldSome = false;
        Slice.Begin();
        while (_readyNext < _readyCount)
        {
            toldSome = true;
            NoteStep();
            Readiness ready = _ready[_readyNext];
            _ready[_readyNext++] = default;
            ready.Target.OnReady(ready.Ready, ready.Sent);
            if (Slice.IsOver)
                break;
        }

        return toldSome;
    }

    private void NoteStep() => Volatile.Write(ref _steps, _steps + 1);

    private void Wake()
    {
        try
        {
            Poller.Wake();
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended meanwhile; there is nothing to wake.
        }
    }

    /// <summary>Flushes all that have gathered output. Those whose flush makes more of it come next time.</summary>
    /// <returns>Whether there are such.</returns>
    private bool FlushAll()
    {
        for (int left = _toFlush.Count; left > 0 && _toFlush.TryDequeue(out IFlushable? target); left--)
            target.Flush();
        return _toFlush.Count > 0;
    }

    private void Wait(bool mayWait)
    {
        _readyNext = _readyCount = 0;
        int timeout = mayWait ? _delayed.MillisecondsToNext(TimeProvider) : 0;
        if (timeout != 0)
        {
            Work.End();
            Interlocked.Exchange(ref _asleep, 1);
            if (_posted.Reader.TryPeek(out _))
                timeout = 0;
        }

        _readyCount = Poller.Wait(_ready, timeout);
        Work.Begin();
        Volatile.Write(ref _asleep, 0);
    }
}
