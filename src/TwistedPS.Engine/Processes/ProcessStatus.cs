namespace TwistedPS;

/// <summary>Where a process is in its life.</summary>
public enum ProcessStatus
{
    /// <summary>It does not run yet.</summary>
    Starting,

    /// <summary>It runs, or it has ended and its last lines are still being delivered.</summary>
    Running,

    /// <summary>It has ended, and its last line was delivered.</summary>
    Exited,
}
