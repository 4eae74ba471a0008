using System.Management.Automation;
using TwistedPS.Engine.Metrics;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>A reactor and the environment in which its handlers run.</summary>
internal abstract class ReactorHost
{
    protected ReactorHost(Session session, Reactor reactor)
    {
        Session = session;
        Reactor = reactor;
        reactor.DescribeError = Errors.Describe;
        MeteredReactors.Add(reactor);
        session.Add(this);
    }

    public Session Session { get; }

    public Reactor Reactor { get; }

    /// <summary>The current call of a scripted handler, if any. On the reactor's thread only.</summary>
    public HandlerRun? CurrentRun => Reactor.Watch.Current?.State as HandlerRun;

    /// <summary>The recipient of the calling handler; null outside of handlers. From any thread.</summary>
    public Recipient? CurrentRecipient => Reactor.IsCurrent ? CurrentRun?.Recipient : null;

    /// <summary>Whether a waiting cmdlet has to turn the loop itself.</summary>
    public abstract bool IsForeground { get; }

    /// <summary>Creates the scope that the handlers of one server or client share.</summary>
    /// <param name="session">The session state in which they were written.</param>
    public abstract HandlerScope CreateScope(SessionState session);

    /// <summary>Creates the scope of a script that runs now or later; in a handler, the handler's own.</summary>
    public HandlerScope CreateInnerScope(SessionState session) =>
        Reactor.IsCurrent && !IsForeground ? new InnerScope(session) : CreateScope(session);

    /// <summary>Makes the current call of a handler one for a recipient.</summary>
    public HandlerRun Begin(Recipient? recipient)
    {
        var run = new HandlerRun(recipient);
        CallContext call = Reactor.Watch.Current!;
        (call.State, call.Target) = (run, recipient?.Target);
        return run;
    }

    /// <summary>Stops the handler that runs now, as Ctrl+C would.</summary>
    public abstract void Interrupt();

    /// <summary>Shows an error of a handler to the person who runs this reactor. On the reactor's thread.</summary>
    /// <param name="error">The error.</param>
    /// <param name="warning">Its text for somebody who does other things meanwhile; null where there was one like it.</param>
    public abstract void Report(ErrorRecord error, string? warning);

    /// <summary>Ends everything on the reactor and the reactor itself, with a short wait at most.</summary>
    public abstract void Shutdown();

    /// <summary>Asks all live services to end within the session's drain time.</summary>
    protected Task EndServicesAsync() =>
        Task.WhenAll(Reactor.Services.Select(service => service.EndAsync(Session.DrainTime)));
}
