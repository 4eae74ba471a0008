namespace TwistedPS;

/// <summary>The state of a server.</summary>
public enum ServerStatus
{
    /// <summary>Bound, with its OnStart handler not done.</summary>
    Starting,

    /// <summary>Serving.</summary>
    Running,

    /// <summary>No longer listening; its connections are closing.</summary>
    Stopping,

    /// <summary>Gone.</summary>
    Stopped,
}
