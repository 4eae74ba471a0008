namespace TwistedPS.Engine.Loop;

/// <summary>Ways to run a loop: until a task has ended, until it is idle, or by a clock that is advanced by hand.</summary>
internal static class EventLoopSteps
{
    /// <summary>Runs the loop until a task has completed, on any thread.</summary>
    /// <returns>False if the time ran out.</returns>
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

    /// <summary>Runs the loop until nothing is left to do at once; if it is running already, within posted work.</summary>
    public static void RunUntilIdle(this EventLoop loop, Action? eachTurn = null, CancellationToken cancel = default)
    {
        while (!loop.IsStopped && !cancel.IsCancellationRequested && (loop.IsCurrent ? loop.IterateWithin() : loop.Iterate()))
            eachTurn?.Invoke();
    }

    /// <summary>
    /// Advances the clock of <paramref name="loop"/>, and stops on the way whenever something is due, to run it: so handlers
    /// see their own time, and what they schedule within the span happens too (Twisted's <c>Clock.advance</c>).
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

    /// <summary>Returns the due time of the next delayed call of the loop or timer of its clock; null if there is none.</summary>
    public static TimeSpan? NextStop(this EventLoop loop, ManualClock clock)
    {
        TimeSpan? call = loop.NextDue is { } due ? TimeSpan.FromTicks(due) : null;
        return new[] { call, clock.NextDue }.Min();
    }
}
