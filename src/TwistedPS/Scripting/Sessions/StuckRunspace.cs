using System.Management.Automation.Runspaces;

namespace TwistedPS.Scripting;

/// <summary>The way to leave a runspace whose script can't be stopped, such as one in a regular expression that never ends.</summary>
internal static class StuckRunspace
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Closes a runspace without waiting for its script. When PowerShell ends, it closes all runspaces that are still open,
    /// and waits for their scripts without a limit; one that is being closed it leaves alone.
    /// </summary>
    public static void Abandon(Runspace runspace)
    {
        new Thread(() => Close(runspace)) { IsBackground = true, Name = $"Closing of {runspace.Name}" }.Start();
        SpinWait.SpinUntil(() => runspace.RunspaceStateInfo.State != RunspaceState.Opened, s_limit);
    }

    private static void Close(Runspace runspace)
    {
        try
        {
            runspace.Close();
        }
        catch (Exception) when (runspace.RunspaceStateInfo.State != RunspaceState.Opened)
        {
            // The script has ended after all, and its thread has disposed the runspace meanwhile.
        }
    }
}
