namespace TwistedPS;

/// <summary>How much a log entry matters.</summary>
public enum LogLevel
{
    /// <summary>Details for whoever looks for a fault.</summary>
    Debug,

    /// <summary>What happens in the normal course.</summary>
    Information,

    /// <summary>Something to look at.</summary>
    Warning,

    /// <summary>Something failed.</summary>
    Error,
}
