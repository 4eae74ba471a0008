namespace TwistedPS;

/// <summary>An error of this module; its ErrorRecord has a stable id, and the cause is the inner exception.</summary>
public sealed class TwistedException : Exception
{
    internal TwistedException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
