namespace TwistedPS;

/// <summary>The state of a process.</summary>
public enum ProcessStatus
{
    /// <summary>Not running yet.</summary>
    Starting,

    /// <summary>Running, or ended with its last lines still being delivered.</summary>
    Running,

    /// <summary>Ended, with its last line delivered.</summary>
    Exited,
}
