using TwistedPS.Engine.Loop;

namespace TwistedPS;

// Its time limits.
public abstract partial class Connection
{
    private IdleTimeout? _idleCheck;
    private DelayedCall? _timeLimitCheck;
    private long _madeAt;

    // In ticks, so that any thread may read them; 0 for no limit.
    private long _idleTimeout;
    private long _timeLimit;

    /// <summary>
    /// The longest time without traffic, counted anew when it is set (Twisted's <c>setTimeout</c>); null for no limit. After it,
    /// the connection is dropped with <see cref="CloseReason.TimedOut"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan? IdleTimeout
    {
        get => ToTime(Volatile.Read(ref _idleTimeout));
        set => Set(ref _idleTimeout, value, CheckIdleTime);
    }

    /// <summary>
    /// The longest time of the connection, counted from its beginning; null for no limit. After it, the connection closes with
    /// <see cref="CloseReason.TimeLimit"/>, and is dropped if that takes longer than a close may.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan? TimeLimit
    {
        get => ToTime(Volatile.Read(ref _timeLimit));
        set => Set(ref _timeLimit, value, CheckTimeLimit);
    }

    private static TimeSpan? ToTime(long ticks) => ticks == 0 ? null : TimeSpan.FromTicks(ticks);

    private void Set(ref long limit, TimeSpan? value, Action check)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value ?? TimeSpan.Zero, TimeSpan.Zero);
        Volatile.Write(ref limit, value?.Ticks ?? 0);
        Reactor.Do(check);
    }

    private void BeginTimeLimits()
    {
        _madeAt = Reactor.Now;
        _idleTimeout = Owner.Options.IdleTimeout?.Ticks ?? 0;
        _timeLimit = Owner.Options.TimeLimit?.Ticks ?? 0;
        if (_idleTimeout > 0)
            CheckIdleTime();
        if (_timeLimit > 0)
            CheckTimeLimit();
    }

    private void EndTimeLimits()
    {
        _idleCheck?.Stop();
        _timeLimitCheck?.Cancel();
    }

    private void CheckIdleTime()
    {
        _idleCheck?.Stop();
        if (IdleTimeout is not { } limit || Transport is not { IsEnded: false } transport)
            return;
        _idleCheck = new IdleTimeout(Reactor.Loop, limit, () => transport.LastActivity, () => transport.Abort(CloseReason.TimedOut));
        _idleCheck.Start();
    }

    private void CheckTimeLimit()
    {
        _timeLimitCheck?.Cancel();
        if (TimeLimit is not { } limit || Transport is not { IsEnded: false })
            return;
        TimeSpan left = limit - Reactor.TimeProvider.GetElapsedTime(_madeAt);
        _timeLimitCheck = Reactor.CallLater(
            left > TimeSpan.Zero ? left : TimeSpan.Zero, () => Close(CloseReason.TimeLimit, Owner.Options.DrainTime));
    }
}
