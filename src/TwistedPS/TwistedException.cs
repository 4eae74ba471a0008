namespace TwistedPS;

/// <summary>An error of this module, with a stable id in its ErrorRecord and the cause as its inner exception.</summary>
public sealed class TwistedException : Exception
{
    internal TwistedException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
