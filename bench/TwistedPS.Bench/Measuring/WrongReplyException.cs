namespace TwistedPS.Bench;

/// <summary>A server sent what it should not have; its run gives no figures.</summary>
internal sealed class WrongReplyException(string message) : Exception(message);
