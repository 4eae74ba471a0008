namespace TwistedPS.Engine.Framing;

/// <summary>The error of a message to be sent that would arrive as several, since its delimiter is in it.</summary>
internal sealed class DelimiterInMessageException(string message) : InvalidMessageException(CloseReason.InvalidMessage, message);
