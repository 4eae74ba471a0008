namespace TwistedPS.Engine.Loop;

/// <summary>One ready socket, as a poller reports it.</summary>
internal readonly record struct Readiness(IPollable Target, Interest Ready, int Sent = 0);
