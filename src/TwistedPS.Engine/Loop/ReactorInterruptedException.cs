namespace TwistedPS.Engine.Loop;

/// <summary>
/// The error of a handler that was stopped from outside, and its reactor with it. It passes through
/// <see cref="EventLoop.Run"/>, which leaves everything in order and may be called again to go on.
/// </summary>
internal sealed class ReactorInterruptedException(Exception cause) : Exception(cause.Message, cause);
