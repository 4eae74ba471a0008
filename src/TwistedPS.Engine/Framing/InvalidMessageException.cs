namespace TwistedPS;

/// <summary>Bytes are not what their framing says that they are.</summary>
public class InvalidMessageException : Exception
{
    internal InvalidMessageException(CloseReason reason, string message)
        : base(message) => Reason = reason;

    /// <summary>Why a connection that has received it is closed.</summary>
    public CloseReason Reason { get; }
}
