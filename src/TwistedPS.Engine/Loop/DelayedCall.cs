namespace TwistedPS.Engine.Loop;

/// <summary>A call that a loop makes once, later (Twisted's <c>IDelayedCall</c>).</summary>
internal sealed class DelayedCall(EventLoop loop, Action call, long due)
{
    /// <summary>The due time of the call, in timestamps of the loop's clock.</summary>
    public long Due { get; } = due;

    public bool IsActive { get; private set; } = true;

    /// <summary>Cancels the call; does nothing once it has been made. On the loop's thread only.</summary>
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
