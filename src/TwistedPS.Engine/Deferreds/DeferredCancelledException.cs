namespace TwistedPS;

/// <summary>
/// The error of a deferred that was cancelled before it had a result (Twisted's <c>CancelledError</c>). It need not be
/// handled: the canceller knows.
/// </summary>
public sealed class DeferredCancelledException : Exception
{
    internal DeferredCancelledException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
