namespace TwistedPS;

/// <summary>The state of a deferred.</summary>
public enum DeferredStatus
{
    /// <summary>Not fired, or not done with its chain: a callback runs, or has returned a deferred that waits.</summary>
    Waiting,

    /// <summary>Done, with a result.</summary>
    Succeeded,

    /// <summary>Done, with an error.</summary>
    Failed,

    /// <summary>Cancelled, or stopped in one of its callbacks.</summary>
    Cancelled,
}
