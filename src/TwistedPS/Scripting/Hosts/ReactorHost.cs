using System.Management.Automation;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>A reactor together with the place where its handlers run.</summary>
internal abstract class ReactorHost
{
    protected ReactorHost(Session session, Reactor reactor)
    {
        Session = session;
        Reactor = reactor;
        session.Add(this);
    }

    public Session Session { get; }

    public Reactor Reactor { get; }

    /// <summary>The handler that runs now, if it is one of a script. On the reactor's thread only.</summary>
    public HandlerRun? CurrentRun => Reactor.Watch.Current?.HandlerState as HandlerRun;

    /// <summary>Whom the handler runs for that calls this; null where no handler does. From any thread.</summary>
    public Recipient? CurrentRecipient => Reactor.IsCurrent ? CurrentRun?.Recipient : null;

    /// <summary>Whether a waiting cmdlet has to turn the loop itself.</summary>
    public abstract bool IsForeground { get; }

    /// <summary>Makes the scope that the handlers of one server or client share.</summary>
    /// <param name="session">The session that they were written in.</param>
    public abstract HandlerScope CreateScope(SessionState session);

    /// <summary>Makes the scope of what is given to run now or later: in a handler, the handler's own.</summary>
    public HandlerScope CreateInnerScope(SessionState session) =>
        Reactor.IsCurrent ? new InnerScope(session) : CreateScope(session);

    /// <summary>Runs a script as the present call of a handler, or a part of it.</summary>
    /// <returns>Its output, and the deferreds that it has given callbacks.</returns>
    public (IEnumerable<PSObject?> Output, IEnumerable<Deferred> Deferreds) Run(
        ScriptHandler handler, Recipient? recipient, List<PSVariable> variables, object?[] arguments)
    {
        HandlerRun run = Begin(recipient);
        return (handler.Invoke(variables, arguments), run.Deferreds);
    }

    /// <summary>Notes whom the present call of a handler runs for.</summary>
    public HandlerRun Begin(Recipient? recipient)
    {
        var run = new HandlerRun(recipient);
        CallContext call = Reactor.Watch.Current!;
        (call.HandlerState, call.Target) = (run, recipient?.Connection);
        return run;
    }

    /// <summary>Stops the handler that runs now, as Ctrl+C would.</summary>
    public abstract void Interrupt();

    /// <summary>Shows an error of a handler where the person who runs this reactor looks.</summary>
    public abstract void Report(ErrorRecord error);

    /// <summary>Ends everything on the reactor and the reactor itself, waiting no longer than a moment.</summary>
    public abstract void Shutdown();

    /// <summary>Asks all that is alive on it to end at once.</summary>
    protected Task EndServicesAsync() =>
        Task.WhenAll(Reactor.Services.Select(service => service.EndAsync(TimeSpan.Zero)));
}
