namespace TwistedPS;

/// <summary>Runs a reactor for as long as a task, work or a clock that is moved by hand asks for.</summary>
internal static class ReactorSteps
{
    /// <summary>Runs the loop until a task has ended, on whichever thread.</summary>
    /// <returns>False when the time was up.</returns>
    public static bool RunUntil(
        this Reactor reactor, Task task, TimeSpan? timeout, Action? eachTurn = null, CancellationToken cancel = default)
    {
        task.ContinueWith(_ => reactor.Post(() => { }), TaskScheduler.Default);
        return reactor.Run(
            () =>
            {
                eachTurn?.Invoke();
                return task.IsCompleted;
            },
            timeout,
            cancel);
    }

    /// <summary>Turns the loop for as long as there is something to do at once.</summary>
    public static void RunUntilIdle(this Reactor reactor, Action? eachTurn = null, CancellationToken cancel = default)
    {
        while (!reactor.IsStopped && !cancel.IsCancellationRequested && reactor.Iterate())
            eachTurn?.Invoke();
    }

    /// <summary>
    /// Moves the clock of <paramref name="reactor"/>, and stops on the way wherever something is due to have it done: so
    /// handlers see their own time, and what they ask for within the span happens too (Twisted's <c>Clock.advance</c>).
    /// </summary>
    public static void Advance(
        this Reactor reactor, ManualClock clock, TimeSpan by, Action? eachTurn = null, CancellationToken cancel = default)
    {
        TimeSpan end = clock.Elapsed + by;
        reactor.RunUntilIdle(eachTurn, cancel);
        while (NextStop(reactor, clock) is { } stop && stop <= end && !reactor.IsStopped && !cancel.IsCancellationRequested)
        {
            clock.AdvanceTo(stop);
            reactor.RunUntilIdle(eachTurn, cancel);
        }

        clock.AdvanceTo(end);
    }

    /// <summary>When the next delayed call of the reactor or timer of its clock is due.</summary>
    private static TimeSpan? NextStop(Reactor reactor, ManualClock clock)
    {
        TimeSpan? call = reactor.NextDue is { } due ? TimeSpan.FromTicks(due) : null;
        return new[] { call, clock.NextDue }.Min();
    }
}
