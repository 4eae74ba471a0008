namespace TwistedPS.Engine.Groups;

/// <summary>A failure of a backplane.</summary>
/// <param name="fault">Its kind.</param>
/// <param name="message">Its text.</param>
/// <param name="cause">Its cause; null if there is none.</param>
internal sealed class BackplaneException(BackplaneFault fault, string message, Exception? cause = null) : Exception(message, cause)
{
    public BackplaneFault Fault => fault;
}
