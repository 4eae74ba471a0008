namespace TwistedPS.Engine.Http;

/// <summary>The error of a stream that was to be sent.</summary>
internal sealed class HttpBodyException(Exception error) : Exception(error.Message, error);
