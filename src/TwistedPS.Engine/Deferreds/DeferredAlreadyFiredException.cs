namespace TwistedPS;

/// <summary>The error of firing a deferred a second time (Twisted's <c>AlreadyCalledError</c>).</summary>
public sealed class DeferredAlreadyFiredException : InvalidOperationException
{
    internal DeferredAlreadyFiredException(string message)
        : base(message)
    {
    }
}
