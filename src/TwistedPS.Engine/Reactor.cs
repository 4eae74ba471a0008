using Newtonsoft.Json;
using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>
/// The event loop and what runs on it (Twisted's <c>reactor</c>): one thread waits for sockets, time and posted work, and
/// runs every handler, one at a time. Members may be called from any thread unless they say otherwise.
/// </summary>
public sealed class Reactor : IDisposable
{
    private static int s_lastId;

    private readonly LiveServices _services = new();

    /// <summary>Creates a reactor, which does nothing until it is run.</summary>
    /// <param name="poller">The way to wait for sockets.</param>
    /// <param name="time">The clock of all its timeouts; the system's by default.</param>
    public Reactor(PollerKind poller = PollerKind.Auto, TimeProvider? time = null)
        : this(new EventLoop(poller, time ?? TimeProvider.System))
    {
    }

    internal Reactor(EventLoop loop)
    {
        Loop = loop;
        Id = Interlocked.Increment(ref s_lastId);
        ReactorLog = new ReactorLog(TimeProvider, $"Reactor{Id}");
        Watch = new HandlerWatch(TimeProvider, () => Loop.Steps, call => HandlerHeld?.Invoke(call));
    }

    /// <summary>The number of this reactor, counted from 1 in this process.</summary>
    public int Id { get; }

    /// <summary>The clock of all timeouts of this reactor.</summary>
    [JsonIgnore]
    public TimeProvider TimeProvider => Loop.TimeProvider;

    /// <summary>The way from names to addresses for all that is on it (Twisted's <c>installNameResolver</c>).</summary>
    [JsonIgnore]
    public NameResolver Resolver { get; internal set; } = NameResolver.System;

    /// <summary>Whether a thread is running the loop.</summary>
    public bool IsRunning => Loop.IsRunning;

    /// <summary>Whether the caller is on the thread that runs the loop, as every handler is.</summary>
    public bool IsCurrent => Loop.IsCurrent;

    /// <summary>Whether <see cref="Stop"/> was called: it won't run again.</summary>
    public bool IsStopped => Loop.IsStopped;

    /// <summary>The port of the page with the metrics of this process that it keeps open; null for none.</summary>
    public int? MetricsPort { get; internal set; }

    /// <summary>The live servers, clients, timers and processes on it.</summary>
    [JsonIgnore]
    public Service[] Services => _services.All;

    /// <summary>The last entries of its own log and of those of its services, oldest first; at most 1000.</summary>
    [JsonIgnore]
    public LogEntry[] Log => ReactorLog.Entries;

    internal EventLoop Loop { get; }

    /// <summary>Completes when it is disposed.</summary>
    internal Task Completion => Loop.Ended.IsCancellationRequested ? Task.CompletedTask : Task.Delay(Timeout.Infinite, Loop.Ended);

    /// <summary>The log of all its services and of the reactor itself.</summary>
    internal ReactorLog ReactorLog { get; }

    internal HandlerWatch Watch { get; }

    internal ReactorDeferreds Deferreds { get; } = new();

    /// <summary>The way to words for an error of a handler, whose message may be that of its caller.</summary>
    internal Func<Exception, ErrorDescription> DescribeError { get; set; } = error => new ErrorDescription(error.Message);

    internal long Now => Loop.Now;

    /// <summary>Raised on a timer's thread when a handler has held the reactor for more than a second.</summary>
    internal event Action<HandlerCall>? HandlerHeld;

    /// <summary>Queues <paramref name="work"/> for the reactor's thread (Twisted's <c>callFromThread</c>).</summary>
    public void Post(Action work) => Loop.Post(work);

    /// <summary>
    /// Does <paramref name="work"/> on the reactor's thread, at once if called there, and returns its result or exception in
    /// a task. The task is cancelled if the reactor ends first.
    /// </summary>
    public Task<T> InvokeAsync<T>(Func<T> work) => Loop.InvokeAsync(work);

    /// <summary>Runs the loop on the calling thread until one of the conditions is met.</summary>
    /// <param name="until">Evaluated before each turn of the loop; true ends it.</param>
    /// <param name="timeout">The longest time by the system's clock, at most 49 days; null for no limit.</param>
    /// <param name="cancel">Ends the loop at once.</param>
    /// <returns>False if the time ran out.</returns>
    /// <exception cref="InvalidOperationException">The loop is already running.</exception>
    public bool Run(Func<bool>? until = null, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        Loop.Run(until, timeout, cancel);

    /// <summary>Does what is due now, and returns (Twisted's <c>iterate</c>).</summary>
    /// <returns>Whether there was anything to do.</returns>
    /// <exception cref="InvalidOperationException">The loop is already running.</exception>
    public bool Iterate() => Loop.Iterate();

    /// <summary>Ends <see cref="Run"/> after its current turn, for good.</summary>
    public void Stop() => Loop.Stop();

    /// <summary>
    /// Frees the reactor and all that is on it. A running loop is told to end instead; its runner disposes.
    /// </summary>
    public void Dispose()
    {
        if (IsRunning)
        {
            Stop();
            return;
        }

        if (Loop.IsDisposed)
            return;
        foreach (Service service in Services)
            service.Abandon(this);
        Loop.Dispose();
        Deferreds.Dispose();
        Watch.Dispose();
    }

    /// <summary>Returns the number, the state, and the number of services that are alive on it.</summary>
    public override string ToString() =>
        $"reactor {Id} ({(IsStopped ? "stopped" : IsRunning ? "running" : "ready")}, {Services.Length} alive)";

    /// <summary>Has the times of its handlers and the work of its loop measured until the result is disposed. From any thread.</summary>
    internal IDisposable Measure() => new Measurement(this);

    /// <summary>Does <paramref name="work"/> on the reactor's thread: at once if called there, otherwise soon.</summary>
    internal void Do(Action work) => Loop.Do(work);

    /// <summary>Calls <paramref name="call"/> on the reactor's thread after <paramref name="delay"/>. On that thread only.</summary>
    internal DelayedCall CallLater(TimeSpan delay, Action call) => Loop.CallLater(delay, call);

    internal void Add(Service service) => _services.Add(service);

    internal void Remove(Service service) => _services.Remove(service);
}
