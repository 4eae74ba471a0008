namespace TwistedPS;

/// <summary>The error of a message longer than its framing allows.</summary>
public sealed class MessageTooLongException : InvalidMessageException
{
    internal MessageTooLongException(CloseReason reason, int limit)
        : base(reason, $"The {(reason == CloseReason.LineTooLong ? "line" : "message")} is longer than {limit} bytes.") => Limit = limit;

    /// <summary>The longest message allowed, in bytes.</summary>
    public int Limit { get; }
}
