namespace TwistedPS;

/// <summary>
/// A deferred was cancelled before it had a result (Twisted's <c>CancelledError</c>). Nobody need handle it: whoever
/// cancels knows.
/// </summary>
public sealed class DeferredCancelledException : Exception
{
    internal DeferredCancelledException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
