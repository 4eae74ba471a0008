namespace TwistedPS.Engine.Loop;

/// <summary>A call that a loop makes once, later (Twisted's <c>IDelayedCall</c>).</summary>
internal sealed class DelayedCall(EventLoop loop, Action call, long due)
{
    /// <summary>When the call is due, in timestamps of the loop's clock.</summary>
    public long Due { get; } = due;

    public bool IsActive { get; private set; } = true;

    /// <summary>Takes the call back; does nothing once it was made. On the loop's thread only.</summary>
    public void Cancel()
    {
        if (!IsActive)
            return;
        IsActive = false;
        loop.Forget();
    }

    internal void Make()
    {
        IsActive = false;
        call();
    }
}
