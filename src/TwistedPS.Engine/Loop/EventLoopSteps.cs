namespace TwistedPS.Engine.Loop;

/// <summary>Runs a loop for as long as a task, work or a clock that is moved by hand asks for.</summary>
internal static class EventLoopSteps
{
    /// <summary>Runs the loop until a task has ended, on whichever thread.</summary>
    /// <returns>False when the time was up.</returns>
    public static bool RunUntil(
        this EventLoop loop, Task task, TimeSpan? timeout, Action? eachTurn = null, CancellationToken cancel = default)
    {
        task.ContinueWith(_ => loop.Post(() => { }), TaskScheduler.Default);
        return loop.Run(
            () =>
            {
                eachTurn?.Invoke();
                return task.IsCompleted;
            },
            timeout,
            cancel);
    }

    /// <summary>Turns the loop for as long as there is something to do at once.</summary>
    public static void RunUntilIdle(this EventLoop loop, Action? eachTurn = null, CancellationToken cancel = default)
    {
        while (!loop.IsStopped && !cancel.IsCancellationRequested && loop.Iterate())
            eachTurn?.Invoke();
    }

    /// <summary>
    /// Moves the clock of <paramref name="loop"/>, and stops on the way wherever something is due to have it done: so
    /// handlers see their own time, and what they ask for within the span happens too (Twisted's <c>Clock.advance</c>).
    /// </summary>
    public static void Advance(
        this EventLoop loop, ManualClock clock, TimeSpan by, Action? eachTurn = null, CancellationToken cancel = default)
    {
        TimeSpan end = clock.Elapsed + by;
        loop.RunUntilIdle(eachTurn, cancel);
        while (NextStop(loop, clock) is { } stop && stop <= end && !loop.IsStopped && !cancel.IsCancellationRequested)
        {
            clock.AdvanceTo(stop);
            loop.RunUntilIdle(eachTurn, cancel);
        }

        clock.AdvanceTo(end);
    }

    /// <summary>When the next delayed call of the loop or timer of its clock is due.</summary>
    private static TimeSpan? NextStop(EventLoop loop, ManualClock clock)
    {
        TimeSpan? call = loop.NextDue is { } due ? TimeSpan.FromTicks(due) : null;
        return new[] { call, clock.NextDue }.Min();
    }
}
