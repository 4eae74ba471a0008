using System.Threading.Channels;
using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Transports;

namespace TwistedPS;

/// <summary>
/// The event loop (Twisted's <c>reactor</c>): one thread waits for sockets, time and posted work, and runs every handler,
/// one at a time. Members may be called from any thread unless they say otherwise.
/// </summary>
public sealed class Reactor : IDisposable
{
    private const int ReadBufferSize = 65536;
    private const int PostedPerTurn = 1024;
    private static int s_lastId;

    private readonly Channel<Action> _posted = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly DelayedCalls _delayed = new();
    private readonly Queue<StreamTransport> _toFlush = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly LiveServices _services = new();
    private readonly Readiness[] _ready = new Readiness[256];
    private int _readyCount;
    private int _readyNext;
    private int _asleep;
    private int _thread;
    private volatile bool _stopped;

    /// <summary>Makes a reactor that does nothing until it is run.</summary>
    /// <param name="poller">How it waits for sockets.</param>
    /// <param name="time">The clock of all its timeouts; the system's by default.</param>
    public Reactor(PollerKind poller = PollerKind.Auto, TimeProvider? time = null)
    {
        TimeProvider = time ?? TimeProvider.System;
        Poller = Pollers.Create(poller);
        Id = Interlocked.Increment(ref s_lastId);
        ReactorLog = new ReactorLog(TimeProvider, $"Reactor{Id}");
        Watch = new HandlerWatch(TimeProvider, call => HandlerHeld?.Invoke(call));
    }

    /// <summary>The number of this reactor, counted from 1 in this process.</summary>
    public int Id { get; }

    /// <summary>The clock of all timeouts of this reactor.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>Whether a thread runs the loop now.</summary>
    public bool IsRunning => Volatile.Read(ref _thread) != 0;

    /// <summary>Whether the caller is on the thread that runs the loop, as every handler is.</summary>
    public bool IsCurrent => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Whether <see cref="Stop"/> was called: it won't run again.</summary>
    public bool IsStopped => _stopped;

    /// <summary>What is alive on it: servers, clients, timers, processes.</summary>
    public Service[] Services => _services.All;

    /// <summary>The last entries of its own log and of those of its services, oldest first; at most 1000.</summary>
    public LogEntry[] Log => ReactorLog.Entries;

    /// <summary>What all its services log, and what it has to say itself.</summary>
    internal ReactorLog ReactorLog { get; }

    internal IPoller Poller { get; }

    /// <summary>The one buffer that all connections are read into, one after the other.</summary>
    internal byte[] ReadBuffer { get; } = new byte[ReadBufferSize];

    internal HandlerWatch Watch { get; }

    internal ReactorDeferreds Deferreds { get; } = new();

    /// <summary>How often the loop was entered.</summary>
    internal int Runs { get; private set; }

    internal long Now => TimeProvider.GetTimestamp();

    internal long? NextDue => _delayed.NextDue();

    /// <summary>Raised on a timer's thread when a handler has held the reactor for more than a second.</summary>
    internal event Action<HandlerCall>? HandlerHeld;

    /// <summary>Has the reactor's thread do <paramref name="work"/> soon (Twisted's <c>callFromThread</c>).</summary>
    public void Post(Action work)
    {
        _posted.Writer.TryWrite(work);
        if (Interlocked.Exchange(ref _asleep, 0) == 1)
            Wake();
    }

    /// <summary>Does <paramref name="work"/> on the reactor's thread: at once if this is it, else soon.</summary>
    internal void Do(Action work)
    {
        if (IsCurrent)
            work();
        else
            Post(work);
    }

    /// <summary>
    /// Does <paramref name="work"/> on the reactor's thread and hands over what it returns or throws. On that thread
    /// itself it is done at once. The task is cancelled when the reactor ends first.
    /// </summary>
    public Task<T> InvokeAsync<T>(Func<T> work)
    {
        (Action invocation, Task<T> done) = Invocation.Of(work);
        Do(invocation);
        return done.WaitAsync(_ended.Token);
    }

    /// <summary>Does <paramref name="work"/> in a turn of its own, also when the caller is a handler on this reactor.</summary>
    internal Task<T> PostAsync<T>(Func<T> work)
    {
        (Action invocation, Task<T> done) = Invocation.Of(work);
        Post(invocation);
        return done.WaitAsync(_ended.Token);
    }

    /// <summary>Runs the loop on the calling thread until one of the conditions holds.</summary>
    /// <param name="until">Asked before each turn of the loop; true ends it.</param>
    /// <param name="timeout">Ends the loop after this time by the system's clock, at most 49 days; null never does.</param>
    /// <param name="cancel">Ends the loop at once.</param>
    /// <returns>False when the time was up.</returns>
    /// <exception cref="InvalidOperationException">The loop runs already.</exception>
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

    /// <summary>Does what is due now and returns (Twisted's <c>iterate</c>).</summary>
    /// <returns>Whether there was anything to do.</returns>
    /// <exception cref="InvalidOperationException">The loop runs already.</exception>
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

    /// <summary>Ends <see cref="Run"/> after its present turn, for good.</summary>
    public void Stop()
    {
        if (_stopped)
            return;
        _stopped = true;
        Wake();
    }

    /// <summary>Frees what the reactor and all on it hold. A loop that runs is told to end instead; whoever runs it disposes.</summary>
    public void Dispose()
    {
        if (IsRunning)
        {
            Stop();
            return;
        }

        if (_ended.IsCancellationRequested)
            return;
        _stopped = true;
        foreach (Service service in Services)
            service.Abandon();
        _ended.Cancel();
        Deferreds.Dispose();
        Watch.Dispose();
        Poller.Dispose();
    }

    /// <summary>Calls <paramref name="call"/> on the reactor's thread after <paramref name="delay"/>. On that thread only.</summary>
    internal DelayedCall CallLater(TimeSpan delay, Action call)
    {
        double ticks = Math.Min(delay.TotalSeconds * TimeProvider.TimestampFrequency, long.MaxValue / 2);
        var later = new DelayedCall(this, call, Now + (long)Math.Round(ticks));
        _delayed.Add(later);
        return later;
    }

    internal void Forget() => _delayed.Forget();

    internal void Add(Service service) => _services.Add(service);

    internal void Remove(Service service) => _services.Remove(service);

    /// <summary>Sends what <paramref name="transport"/> has gathered, at the end of this turn.</summary>
    internal void FlushLater(StreamTransport transport) => _toFlush.Enqueue(transport);

    private void Enter()
    {
        if (Interlocked.CompareExchange(ref _thread, Environment.CurrentManagedThreadId, 0) != 0)
            throw new InvalidOperationException("The reactor runs already.");
        Runs++;
    }

    private void Leave() => Volatile.Write(ref _thread, 0);

    // What was done may be what Run's caller waits for, so only a turn with nothing to do waits.
    // Every step takes its item off the list before it acts on it: a handler that is interrupted throws through here, and
    // the next call of Run goes on with the item after it.
    private bool Turn(bool mayWait)
    {
        bool didSomething = false;
        for (int left = PostedPerTurn; left > 0 && _posted.Reader.TryRead(out Action? work); left--)
        {
            didSomething = true;
            work();
        }

        long now = Now;
        while (_delayed.TryDequeueDue(now, out DelayedCall call))
        {
            didSomething = true;
            call.Make();
        }

        FlushAll();

        if (_readyNext == _readyCount)
            Wait(mayWait && !didSomething && !_stopped);
        while (_readyNext < _readyCount)
        {
            didSomething = true;
            Readiness ready = _ready[_readyNext];
            _ready[_readyNext++] = default;
            ready.Dispatch();
        }

        FlushAll();
        return didSomething;
    }

    private void Wake()
    {
        try
        {
            Poller.Wake();
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended meanwhile; there is nobody to wake.
        }
    }

    private void FlushAll()
    {
        while (_toFlush.TryDequeue(out StreamTransport? transport))
            transport.Flush();
    }

    private void Wait(bool mayWait)
    {
        _readyNext = _readyCount = 0;
        int timeout = mayWait ? _delayed.MillisecondsToNext(TimeProvider) : 0;
        if (timeout != 0)
        {
            Interlocked.Exchange(ref _asleep, 1);
            if (_posted.Reader.TryPeek(out _))
                timeout = 0;
        }

        _readyCount = Poller.Wait(_ready, timeout);
        Volatile.Write(ref _asleep, 0);
    }
}
