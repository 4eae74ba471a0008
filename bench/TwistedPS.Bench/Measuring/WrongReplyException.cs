namespace TwistedPS.Bench;

/// <summary>The error of a server that sent a wrong reply; its run gives no figures.</summary>
internal sealed class WrongReplyException(string message) : Exception(message);
