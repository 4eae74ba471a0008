namespace TwistedPS.Engine.Metrics;

/// <summary>A value of an instrument.</summary>
/// <param name="Attributes">What it is the value of.</param>
/// <param name="Value">The value, in the unit of the instrument.</param>
internal readonly record struct Sample(KeyValuePair<string, object?>[] Attributes, double Value);
