using System.Management.Automation;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>
/// The recipient of a handler's output, immediate and asynchronous, and of its errors. On the reactor's thread only.
/// </summary>
internal abstract class Recipient
{
    /// <summary>The variables of its handlers, such as <c>$Connection</c>.</summary>
    public abstract IEnumerable<PSVariable> Variables { get; }

    /// <summary>The connection, if the recipient is one.</summary>
    public virtual Connection? Connection => null;

    /// <summary>What its handlers are called for, and their log is about: the connection, or the sender of a datagram.</summary>
    public virtual ICallTarget? Target => Connection;

    /// <summary>The service, which is the recipient or has it.</summary>
    public abstract Service Service { get; }

    /// <summary>Where its output goes: the connection, the service to whose log it goes, or else the recipient itself.</summary>
    public virtual object Destination => this;

    /// <summary>The reactor of its handlers.</summary>
    public virtual Reactor Reactor => Target?.Reactor ?? Service.CurrentReactor;

    /// <summary>Whether <see cref="Ended"/> was raised.</summary>
    public virtual bool HasEnded => Connection is { } connection ? connection.Status == ConnectionStatus.Closed : Service.HasEnded;

    /// <summary>Raised when the recipient has ended.</summary>
    public abstract event Action? Ended;

    /// <summary>Receives the output of a handler.</summary>
    public abstract void Send(IEnumerable<PSObject?> output);

    /// <summary>Receives the error that ended a handler.</summary>
    public abstract void Failed(string handler, Exception error);

    /// <summary>Whether it receives the output of handlers of the services that its own handlers start.</summary>
    public virtual bool TakesAnswers => true;

    /// <summary>Whether what its own handlers start ends with it.</summary>
    public virtual bool OwnsWhatItStarts => true;

    /// <summary>Announces more output; the recipient does not close before <see cref="Release"/>.</summary>
    public virtual void Hold()
    {
    }

    public virtual void Release()
    {
    }

    /// <summary>Accepts output, and later the results of the deferreds in it and of those given.</summary>
    public virtual void Accept(IEnumerable<PSObject?> output, IEnumerable<Deferred> deferreds)
    {
        PSObject?[] items = [.. output];
        Reactor.Watch.Current?.SendOutput(Destination);
        Send(items.Where(item => item?.BaseObject is not Deferred));
        foreach (Deferred deferred in items.Select(item => item?.BaseObject).OfType<Deferred>().Union(deferreds))
            AcceptLater(deferred);
    }

    /// <summary>Takes ownership of a service that one of its handlers starts: the service ends with the recipient.</summary>
    /// <param name="service">The service.</param>
    /// <param name="isAnswer">Whether the recipient has to wait for the end of the service.</param>
    public virtual void Own(Service service, bool isAnswer)
    {
        if (!OwnsWhatItStarts)
            return;
        Action end = service.Dispose;
        Ended += end;
        if (isAnswer)
            Hold();
        service.Ended += () =>
        {
            Ended -= end;
            if (isAnswer)
                Release();
        };
    }

    private void AcceptLater(Deferred deferred)
    {
        Hold();
        deferred.On(Reactor).AddCallbacks(
            result =>
            {
                try
                {
                    Accept(ItemsOf(result), []);
                    return result;
                }
                finally
                {
                    Release();
                }
            },
            error =>
            {
                try
                {
                    if (error is not DeferredCancelledException)
                        Failed($"Deferred {deferred.Id}", error);
                    return null;
                }
                finally
                {
                    Release();
                }
            });
    }

    private static IEnumerable<PSObject?> ItemsOf(object? result) => result switch
    {
        null => [],
        object[] many => many.Select(PSObject.AsPSObject),
        _ => [PSObject.AsPSObject(result)],
    };
}
