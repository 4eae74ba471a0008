using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Waits of cmdlets that watch reactors, without a word of progress. Those in the foreground run meanwhile.</summary>
internal static class Watching
{
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    /// <summary>Waits for a task, and shows warnings meanwhile.</summary>
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed.</exception>
    public static void Wait(this TwistedCommand cmdlet, IEnumerable<Reactor> reactors, Task task)
    {
        while (!cmdlet.Wait(reactors, task, s_step))
            cmdlet.Session.ShowWarnings(cmdlet);
    }

    /// <summary>Waits for some time.</summary>
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed.</exception>
    public static void Pause(this TwistedCommand cmdlet, IEnumerable<Reactor> reactors, TimeSpan time)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (TimeSpan left = time; left > TimeSpan.Zero; left = time - TimeProvider.System.GetElapsedTime(start))
            cmdlet.Wait(reactors, Task.Delay(left < s_step ? left : s_step), s_step + s_step);
    }

    private static bool Wait(this TwistedCommand cmdlet, IEnumerable<Reactor> reactors, Task task, TimeSpan timeout)
    {
        bool isDone = false;
        try
        {
            isDone = ForegroundOf(reactors) is { } host
                ? Run(cmdlet, host, task, timeout)
                : SessionEvents.Wait(cmdlet, task, timeout);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C, as is seen next.
        }

        cmdlet.CancelToken.ThrowIfStopped();
        return isDone;
    }

    private static ForegroundReactor? ForegroundOf(IEnumerable<Reactor> reactors) => reactors
        .Select(reactor => reactor is { IsStopped: false, IsRunning: false } ? Session.FindHost(reactor) : null)
        .OfType<ForegroundReactor>()
        .FirstOrDefault();

    // Ctrl+C ends the watching, and not what is watched.
    private static bool Run(TwistedCommand cmdlet, ForegroundReactor host, Task task, TimeSpan timeout)
    {
        void Wake() => host.Reactor.Post(() => { });
        task.ContinueWith(_ => Wake(), TaskScheduler.Default);
        using CancellationTokenRegistration wakes = cmdlet.CancelToken.Register(Wake);
        return host.Run(
            cmdlet, () => task.IsCompleted || cmdlet.CancelToken.IsCancellationRequested, timeout, CancellationToken.None);
    }
}
