using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>
/// Whom a handler runs for: where its output goes, at once and later, and who is told of its errors. On the reactor's
/// thread only.
/// </summary>
internal abstract class Recipient
{
    /// <summary>What its handlers see, such as <c>$Connection</c>.</summary>
    public abstract IEnumerable<PSVariable> Variables { get; }

    /// <summary>The connection that it is, if it is one.</summary>
    public virtual Connection? Connection => null;

    /// <summary>The service that it is or belongs to.</summary>
    public abstract Service Service { get; }

    /// <summary>Raised when it has ended.</summary>
    public abstract event Action? Ended;

    /// <summary>Takes the output of a handler.</summary>
    public abstract void Send(IEnumerable<PSObject?> output);

    /// <summary>Takes the error that a handler has ended with.</summary>
    public abstract void Failed(string handler, Exception error);

    /// <summary>Whether it takes what the handlers of a service output that it has started.</summary>
    public virtual bool TakesAnswers => true;

    /// <summary>Says that more is to come; it does not close before <see cref="Release"/>.</summary>
    public virtual void Hold()
    {
    }

    public virtual void Release()
    {
    }

    /// <summary>Takes output, and what the deferreds in it and those given come to.</summary>
    public void Accept(IEnumerable<PSObject?> output, IEnumerable<Deferred> deferreds)
    {
        PSObject?[] items = [.. output];
        Send(items.Where(item => item?.BaseObject is not Deferred));
        foreach (Deferred deferred in items.Select(item => item?.BaseObject).OfType<Deferred>().Union(deferreds))
            AcceptLater(deferred);
    }

    /// <summary>Takes a service that one of its handlers starts: it ends with the recipient.</summary>
    /// <param name="service">The service.</param>
    /// <param name="isAnswer">Whether the recipient has to wait for its end.</param>
    public virtual void Own(Service service, bool isAnswer)
    {
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
        deferred.On(Service.Reactor).AddCallbacks(
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
