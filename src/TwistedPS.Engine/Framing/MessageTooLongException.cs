namespace TwistedPS;

/// <summary>The error of a message longer than its framing allows.</summary>
public sealed class MessageTooLongException : InvalidMessageException
{
    internal MessageTooLongException(CloseReason reason, int limit)
        : base(reason, $"The {(reason == CloseReason.LineTooLong ? "line" : "message")} is longer than {limit} bytes.") => Limit = limit;

    internal MessageTooLongException(long wanted, int limit)
        : base(CloseReason.MessageTooLong, $"{wanted} bytes are more than can be read at once: the limit is {limit}.") => Limit = limit;

    /// <summary>The longest message allowed, in bytes.</summary>
    public int Limit { get; }
}
