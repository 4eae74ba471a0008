namespace TwistedPS.Engine.Rates;

/// <summary>The rates of one look at what is alive.</summary>
/// <param name="Time">The time of the look, in local time.</param>
/// <param name="Duration">The time since the look before; zero for the first one, which has no rates yet.</param>
/// <param name="Reactors">The reactors.</param>
/// <param name="Services">The services.</param>
internal sealed record RateSample(DateTimeOffset Time, TimeSpan Duration, ReactorRate[] Reactors, ServiceRate[] Services);
