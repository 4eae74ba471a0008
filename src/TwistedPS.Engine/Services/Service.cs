using System.Collections;
using System.ComponentModel;
using System.Reflection;
using Newtonsoft.Json;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Measures;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>
/// An object that lives on a reactor and calls handlers: a server, a client, a timer, a process (Twisted's <c>IService</c>).
/// Members may be read from any thread.
/// </summary>
public abstract class Service : IDisposable
{
    private readonly HandlerErrors _errors = new();
    private readonly Signal _life = new();
    private HandlerTimes? _times;
    private Reactor[] _further = [];

    private protected Service(Reactor reactor, string? name, int id)
    {
        Reactor = reactor;
        Id = id;
        Name = name ?? $"{NounOf(GetType())}{id}";
        ReactorLog = new ReactorLog(reactor.TimeProvider, Name, reactor.ReactorLog);
        StartTime = reactor.TimeProvider.GetLocalNow();
        BeginLife();
    }

    /// <summary>Its number, counted from 1 for each kind in this process.</summary>
    public int Id { get; }

    /// <summary>Its name, shown in the log; the kind and the number by default.</summary>
    public string Name { get; }

    /// <summary>The reactor that runs its handlers.</summary>
    [JsonIgnore]
    public Reactor Reactor { get; }

    /// <summary>
    /// A place for state that the handlers share. A server on several reactors has a <see cref="SharedTable"/> here, which is
    /// safe to use from all of them.
    /// </summary>
    [JsonIgnore]
    public Hashtable State { get; private protected set; } = new StateTable();

    /// <summary>The last entries of its log, oldest first; at most 1000.</summary>
    [JsonIgnore]
    public LogEntry[] Log => ReactorLog.Entries;

    /// <summary>The last errors of its handlers, newest first; at most 100.</summary>
    [JsonIgnore]
    public HandlerError[] Errors => _errors.NewestFirst;

    /// <summary>The number of errors that have ended its handlers.</summary>
    public long ErrorCount => _errors.Count;

    /// <summary>The time of its creation, in local time.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>The time since its creation.</summary>
    public TimeSpan Uptime => Reactor.TimeProvider.GetLocalNow() - StartTime;


    /// <summary>The description of it in messages.</summary>
    public abstract string Description { get; }

    /// <summary>The port of the page with the metrics of this process that it keeps open; null for none.</summary>
    internal int? MetricsPagePort { get; set; }

    /// <summary>All reactors that run its handlers, its own first.</summary>
    internal IEnumerable<Reactor> Reactors => [Reactor, .. _further];

    /// <summary>The one of its reactors whose thread the caller is on; its own if it is on none of them.</summary>
    internal Reactor CurrentReactor => Array.Find(_further, reactor => reactor.IsCurrent) ?? Reactor;

    /// <summary>The source of its handlers' calls, if it can wait.</summary>
    internal virtual IProducer? Producer => null;

    /// <summary>Whether everything that its handlers start ends with it.</summary>
    internal virtual bool OwnsWhatItStarts => true;

    /// <summary>Completes when it has ended for good, its last handler and log entry included; anew after each <see cref="BeginLife"/>.</summary>
    internal Task Completion => _life.Over;

    internal ReactorLog ReactorLog { get; }

    /// <summary>The times of its handlers, made when they are asked for first.</summary>
    internal HandlerTimes Times => LazyInitializer.EnsureInitialized(ref _times, static () => new HandlerTimes());

    /// <summary>Whether <see cref="Ended"/> was raised in its current life.</summary>
    internal bool HasEnded { get; private set; }

    /// <summary>Raised once, on the reactor's thread, when it is no longer alive.</summary>
    internal event Action? Ended;

    /// <summary>Ends it as its Stop or Disconnect cmdlet does, without waiting.</summary>
    public abstract void Dispose();

    /// <summary>Returns the description, on one line.</summary>
    public override string ToString() => VisibleText.Of(Description);

    /// <summary>Ends it, whatever its kind. The task completes when it is gone.</summary>
    /// <param name="drainTime">The time limit for its connections and handlers.</param>
    internal abstract Task EndAsync(TimeSpan drainTime);

    /// <summary>Frees its resources when its reactor is gone: nothing is sent and no handler is called any more.</summary>
    internal abstract void Abandon();

    /// <summary>Frees the resources that it has on one of its reactors, which is gone.</summary>
    internal virtual void Abandon(Reactor reactor)
    {
        if (reactor == Reactor)
        {
            Abandon();
            return;
        }

        reactor.Remove(this);
        _ = EndAsync(TimeSpan.Zero);
    }

    /// <summary>Returns the cmdlets' noun for a kind of service: its display name, or else the name of its type.</summary>
    internal static string NounOf(Type kind) => kind.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName ?? kind.Name;

    /// <summary>Raises <see cref="Ended"/>, once.</summary>
    internal void NoteEnded()
    {
        HasEnded = true;
        Action? ended = Ended;
        Ended = null;
        ended?.Invoke();
    }

    /// <summary>Has it on one more reactor, which ends with it: whoever runs it disposes of it then. Before the start, on one thread.</summary>
    private protected void AddReactor(Reactor reactor)
    {
        if (_further.Length == 0)
            State = new SharedTable();
        _further = [.. _further, reactor];
    }

    /// <summary>Prepares its handlers on a further reactor, on its thread. Before the start.</summary>
    private protected void Prepare(Reactor reactor, Action prepare)
    {
        CallContext? outer = reactor.Watch.Enter(new CallContext(new HandlerCall(this, "OnStart")));
        try
        {
            prepare();
        }
        finally
        {
            reactor.Watch.Exit(outer);
        }
    }

    /// <summary>Ends the reactors that end with it.</summary>
    private protected Task EndReactors()
    {
        foreach (Reactor reactor in _further)
            reactor.Stop();
        return Task.WhenAll(_further.Select(reactor => reactor.Completion));
    }

    private protected void BeginLife()
    {
        HasEnded = false;
        _life.Reset();
    }

    private protected void EndLife() => _life.Set();

    /// <summary>Records an error of a handler, whether or not an error handler has dealt with it.</summary>
    internal void AddError(string handler, ICallTarget? target, Exception error)
    {
        ErrorDescription described = Reactor.DescribeError(error);
        string message = $"{handler} failed: {described}";
        if (target is null)
            ReactorLog.Add(LogLevel.Error, message);
        else
            target.Log(LogLevel.Error, message);

        // Who waits for the number of errors reads the log next.
        _errors.Add(new HandlerError(
            Reactor.TimeProvider.GetLocalNow(), handler, target, described.Message, described.Where, error));
    }

    /// <summary>Writes a handler's message to the log, under the connection that it runs for.</summary>
    internal void LogFromHandler(LogLevel level, string message)
    {
        if (CurrentReactor.Watch.Current?.Target is { } target && target.Owner == this)
            target.Log(level, message);
        else
            LogInOrder(level, message);
    }

    /// <summary>Writes to its log, after what its handlers that still run have output so far. From any thread.</summary>
    internal void LogInOrder(LogLevel level, string message)
    {
        Reactor reactor = CurrentReactor;
        if (reactor.IsCurrent)
            reactor.Watch.Current?.SendOutput(this);
        ReactorLog.Add(level, message);
    }

    /// <summary>Calls a handler; its exception is recorded and ends the target, but goes no further.</summary>
    /// <returns>False if it threw.</returns>
    internal bool Call<T>(HandlerCall handler, ICallTarget? target, T state, Action<T> call)
    {
        HandlerWatch watch = (target?.Reactor ?? CurrentReactor).Watch;
        CallContext? outer = watch.Enter(new CallContext(handler, target));
        target?.Hold();
        try
        {
            call(state);
            return true;
        }
        catch (Exception e) when (e is not ReactorInterruptedException)
        {
            AddError(handler.Name, target, e);
            target?.Fail(e);
            return false;
        }
        finally
        {
            watch.Exit(outer);
            target?.Release();
        }
    }
}
