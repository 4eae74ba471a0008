namespace TwistedPS.Engine.Loop;

/// <summary>Ends what nothing happens on (Twisted's <c>TimeoutMixin</c>). On the loop's thread.</summary>
/// <param name="loop">Its clock.</param>
/// <param name="limit">For how long nothing may happen.</param>
/// <param name="lastActivity">When something last happened, in timestamps of the clock.</param>
/// <param name="expired">Called once.</param>
internal sealed class IdleTimeout(EventLoop loop, TimeSpan limit, Func<long> lastActivity, Action expired)
{
    private DelayedCall? _check;

    public void Start() => CheckIn(limit);

    public void Stop() => _check?.Cancel();

    // Activity moves no timer; a check that comes too early is put off by what is left.
    private void Check()
    {
        TimeSpan idle = loop.TimeProvider.GetElapsedTime(lastActivity());
        if (idle >= limit)
            expired();
        else
            CheckIn(limit - idle);
    }

    private void CheckIn(TimeSpan delay) => _check = loop.CallLater(delay, Check);
}
