namespace TwistedPS.Engine.Deferreds;

/// <summary>A deferred failed, and nobody has handled it.</summary>
/// <param name="Id">The number of the deferred.</param>
/// <param name="Origin">Where the deferred was made, if that is known.</param>
/// <param name="Error">What it failed with.</param>
internal sealed record UnhandledFailure(int Id, string? Origin, Exception Error);
