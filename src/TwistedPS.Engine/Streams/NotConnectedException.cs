namespace TwistedPS;

/// <summary>The error of sending or receiving without a connection.</summary>
public sealed class NotConnectedException : InvalidOperationException
{
    internal NotConnectedException(string message)
        : base(message)
    {
    }
}
