namespace TwistedPS.Engine.Loop;

/// <summary>A call that a reactor makes once, later (Twisted's <c>IDelayedCall</c>).</summary>
internal sealed class DelayedCall(Reactor reactor, Action call, long due)
{
    /// <summary>When the call is due, in timestamps of the reactor's clock.</summary>
    public long Due { get; } = due;

    public bool IsActive { get; private set; } = true;

    /// <summary>Takes the call back; does nothing once it was made. On the reactor's thread only.</summary>
    public void Cancel()
    {
        if (!IsActive)
            return;
        IsActive = false;
        reactor.Forget();
    }

    internal void Make()
    {
        IsActive = false;
        call();
    }
}
