namespace TwistedPS;

/// <summary>The error of sending more to a client than may wait for its connection.</summary>
public sealed class SendBufferFullException : InvalidOperationException
{
    internal SendBufferFullException(string message)
        : base(message)
    {
    }
}
