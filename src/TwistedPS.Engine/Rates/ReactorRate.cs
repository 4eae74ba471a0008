using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Rates;

/// <summary>How busy a reactor was within a time.</summary>
/// <param name="Reactor">The reactor.</param>
/// <param name="Load">The share of the time that its thread worked, from 0 to 1.</param>
/// <param name="Held">The handler that held it all the time; null if there is none.</param>
internal sealed record ReactorRate(Reactor Reactor, double Load, HandlerCall? Held);
