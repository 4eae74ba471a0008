namespace TwistedPS;

/// <summary>There is no connection to send to or to receive from.</summary>
public sealed class NotConnectedException : InvalidOperationException
{
    internal NotConnectedException(string message)
        : base(message)
    {
    }
}
