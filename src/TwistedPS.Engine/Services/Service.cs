using System.Collections;
using System.ComponentModel;
using System.Reflection;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>
/// What lives on a reactor and calls handlers: a server, a client, a timer, a process (Twisted's <c>IService</c>). Members
/// may be read from any thread.
/// </summary>
public abstract class Service : IDisposable
{
    private readonly HandlerErrors _errors = new();
    private readonly Signal _life = new();

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

    /// <summary>Its name, which the log shows; unless given, the kind and the number.</summary>
    public string Name { get; }

    /// <summary>The reactor that runs its handlers.</summary>
    public Reactor Reactor { get; }

    /// <summary>A place for whatever the handlers want to share.</summary>
    public Hashtable State { get; } = [];

    /// <summary>The last entries of its log, oldest first; at most 1000.</summary>
    public LogEntry[] Log => ReactorLog.Entries;

    /// <summary>The last errors of its handlers, newest first; at most 100.</summary>
    public HandlerError[] Errors => _errors.NewestFirst;

    /// <summary>How many errors its handlers have ended with.</summary>
    public long ErrorCount => _errors.Count;

    /// <summary>When it was made, in local time.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>How long it has been there.</summary>
    public TimeSpan Uptime => Reactor.TimeProvider.GetLocalNow() - StartTime;

    /// <summary>What it is, for messages.</summary>
    public abstract string Description { get; }

    /// <summary>Whether what its handlers start ends with it.</summary>
    internal virtual bool OwnsWhatItStarts => true;

    /// <summary>Ends when it has ended for good, its last handler and log entry included. It begins anew with each <see cref="BeginLife"/>.</summary>
    internal Task Completion => _life.Over;

    internal ReactorLog ReactorLog { get; }

    /// <summary>Raised once, on the reactor's thread, when it is no longer alive.</summary>
    internal event Action? Ended;

    /// <summary>Ends it as its Stop or Disconnect cmdlet does, without waiting.</summary>
    public abstract void Dispose();

    /// <summary>The description.</summary>
    public override string ToString() => Description;

    /// <summary>Ends it, whatever its kind. The task ends when it is gone.</summary>
    /// <param name="drainTime">How long its connections and handlers have.</param>
    internal abstract Task EndAsync(TimeSpan drainTime);

    /// <summary>Frees what it holds when its reactor is gone: nothing is sent and no handler is called any more.</summary>
    internal abstract void Abandon();

    /// <summary>What the cmdlets call a kind of service: the name of its type, unless it has a display name.</summary>
    internal static string NounOf(Type kind) => kind.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName ?? kind.Name;

    /// <summary>Tells that it is no longer alive.</summary>
    internal void NoteEnded()
    {
        Action? ended = Ended;
        Ended = null;
        ended?.Invoke();
    }

    private protected void BeginLife() => _life.Reset();

    private protected void EndLife() => _life.Set();

    /// <summary>Notes an error that a handler's own error handler has dealt with, or not.</summary>
    internal void AddError(string handler, ICallTarget? target, Exception error)
    {
        _errors.Add(new HandlerError(Reactor.TimeProvider.GetLocalNow(), handler, target, error));
        string message = $"{handler} failed: {error.Message}";
        if (target is null)
            ReactorLog.Add(LogLevel.Error, message);
        else
            target.Log(LogLevel.Error, message);
    }

    /// <summary>Writes what a handler has to say to the log, under the connection that it runs for.</summary>
    internal void LogFromHandler(LogLevel level, string message)
    {
        if (Reactor.Watch.Current?.Target is { } target && target.Owner == this)
            target.Log(level, message);
        else
            ReactorLog.Add(level, message);
    }

    /// <summary>Calls a handler; what it throws is noted and ends the target, but goes no further.</summary>
    /// <returns>False when it threw.</returns>
    internal bool Call<T>(HandlerCall handler, ICallTarget? target, T state, Action<T> call)
    {
        CallContext? outer = Reactor.Watch.Enter(new CallContext(handler, target));
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
            Reactor.Watch.Exit(outer);
            target?.Release();
        }
    }
}
