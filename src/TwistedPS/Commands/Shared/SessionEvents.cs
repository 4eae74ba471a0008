using System.Management.Automation;

namespace TwistedPS.Commands;

/// <summary>What other threads ask of the session, such as a method of one of its classes, while a cmdlet waits.</summary>
internal static class SessionEvents
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    // PowerShell looks for it at each turn of a loop, even of one that has none.
    private static readonly ScriptBlock s_turn = ScriptBlock.Create("foreach ($turn in 1) { }");

    /// <summary>Waits for a task, and does meanwhile what is asked.</summary>
    /// <returns>False on a time-out.</returns>
    /// <exception cref="OperationCanceledException">Ctrl+C was pressed.</exception>
    public static bool Wait(TwistedCommand cmdlet, Task task, TimeSpan timeout)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (TimeSpan left = timeout; ; left = timeout - TimeProvider.System.GetElapsedTime(start))
        {
            TimeSpan step = left < s_interval ? left : s_interval;
            if (Task.WaitAny([task], (int)Math.Max(0, Math.Ceiling(step.TotalMilliseconds)), cmdlet.CancelToken) == 0)
                return true;
            if (left <= step)
                return false;
            cmdlet.Draw(() => cmdlet.InvokeCommand.InvokeScript(useLocalScope: true, s_turn, null));
        }
    }
}
