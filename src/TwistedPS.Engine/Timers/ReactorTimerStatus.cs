namespace TwistedPS;

/// <summary>Where a timer is in its life.</summary>
public enum ReactorTimerStatus
{
    /// <summary>It waits for its next call, or makes it.</summary>
    Running,

    /// <summary>It has made all its calls.</summary>
    Completed,

    /// <summary>It was stopped before.</summary>
    Stopped,

    /// <summary>Its handler has thrown.</summary>
    Failed,
}
