namespace TwistedPS;

/// <summary>The error of bytes that don't match their framing.</summary>
public class InvalidMessageException : Exception
{
    internal InvalidMessageException(CloseReason reason, string message)
        : base(message) => Reason = reason;

    /// <summary>Whether it is of a message to be sent that would arrive as several, since its delimiter is in it.</summary>
    internal bool IsOfDelimiter { get; init; }

    /// <summary>The reason for the close of a connection that has received them.</summary>
    public CloseReason Reason { get; }
}
