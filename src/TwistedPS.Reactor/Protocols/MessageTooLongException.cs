namespace TwistedPS;

/// <summary>A message was longer than its framer allows.</summary>
public sealed class MessageTooLongException : Exception
{
    internal MessageTooLongException(int limit)
        : base($"The line is longer than {limit} bytes.") => Limit = limit;

    /// <summary>The longest message allowed, in bytes.</summary>
    public int Limit { get; }
}
