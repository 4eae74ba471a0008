namespace TwistedPS;

/// <summary>The severity of a log entry.</summary>
public enum LogLevel
{
    /// <summary>Details for troubleshooting.</summary>
    Debug,

    /// <summary>An event of normal operation.</summary>
    Information,

    /// <summary>An event that deserves attention.</summary>
    Warning,

    /// <summary>A failure.</summary>
    Error,
}
