namespace TwistedPS;

/// <summary>Ends a connection on which nothing comes or goes (Twisted's <c>TimeoutMixin</c>). On the reactor's thread.</summary>
internal sealed class IdleTimeout(ITransport transport, TimeSpan limit)
{
    private DelayedCall? _check;

    public void Start() => CheckIn(limit);

    public void Stop() => _check?.Cancel();

    // Activity moves no timer; a check that comes too early is put off by what is left.
    private void Check()
    {
        TimeSpan idle = transport.Reactor.TimeProvider.GetElapsedTime(transport.LastActivity);
        if (idle >= limit)
            transport.Abort(CloseReason.TimedOut);
        else
            CheckIn(limit - idle);
    }

    private void CheckIn(TimeSpan delay) => _check = transport.Reactor.CallLater(delay, Check);
}
