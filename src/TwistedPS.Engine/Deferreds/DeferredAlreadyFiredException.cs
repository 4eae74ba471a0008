namespace TwistedPS;

/// <summary>A deferred was given a second result (Twisted's <c>AlreadyCalledError</c>).</summary>
public sealed class DeferredAlreadyFiredException : InvalidOperationException
{
    internal DeferredAlreadyFiredException(string message)
        : base(message)
    {
    }
}
