namespace TwistedPS.Bench;

/// <summary>The times of a load: the warm-up, and the time in which its figures count.</summary>
internal sealed record Timing(TimeSpan WarmUp, TimeSpan Measured);
