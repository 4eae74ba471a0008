namespace TwistedPS.Bench;

/// <summary>How long a load runs before its figures count, and how long after that.</summary>
internal sealed record Timing(TimeSpan WarmUp, TimeSpan Measured);
