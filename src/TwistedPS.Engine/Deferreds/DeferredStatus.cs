namespace TwistedPS;

/// <summary>Where a deferred is in its life.</summary>
public enum DeferredStatus
{
    /// <summary>It has not fired, or its chain is not through: a callback runs, or one returned a deferred that waits.</summary>
    Waiting,

    /// <summary>It has a result.</summary>
    Succeeded,

    /// <summary>It has an error.</summary>
    Failed,

    /// <summary>It was cancelled, or one of its callbacks was stopped.</summary>
    Cancelled,
}
