namespace TwistedPS;

/// <summary>The state of a timer.</summary>
public enum ReactorTimerStatus
{
    /// <summary>Waiting for its next call, or making it.</summary>
    Running,

    /// <summary>Done, with all calls made.</summary>
    Completed,

    /// <summary>Stopped before its last call.</summary>
    Stopped,

    /// <summary>Ended by an error of its handler.</summary>
    Failed,
}
