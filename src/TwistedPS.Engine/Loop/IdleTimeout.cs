namespace TwistedPS.Engine.Loop;

/// <summary>A timeout for lack of activity (Twisted's <c>TimeoutMixin</c>). On the loop's thread.</summary>
/// <param name="loop">The loop of its clock.</param>
/// <param name="limit">The longest time without activity.</param>
/// <param name="lastActivity">Returns the time of the last activity, in timestamps of the clock.</param>
/// <param name="expired">Called once, when the limit is reached.</param>
internal sealed class IdleTimeout(EventLoop loop, TimeSpan limit, Func<long> lastActivity, Action expired)
{
    private DelayedCall? _check;

    public void Start() => CheckIn(limit);

    public void Stop() => _check?.Cancel();

    // Activity moves no timer; a check that comes too early is put off by the time that is left.
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
