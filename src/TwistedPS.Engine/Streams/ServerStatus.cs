namespace TwistedPS;

/// <summary>Where a server is in its life.</summary>
public enum ServerStatus
{
    /// <summary>Bound, and its OnStart handler not done.</summary>
    Starting,

    /// <summary>Serving.</summary>
    Running,

    /// <summary>No longer listening; its connections are closing.</summary>
    Stopping,

    /// <summary>Gone.</summary>
    Stopped,
}
