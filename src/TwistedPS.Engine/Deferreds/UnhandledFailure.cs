namespace TwistedPS.Engine.Deferreds;

/// <summary>The failure of a deferred that nobody has handled.</summary>
/// <param name="Id">The number of the deferred.</param>
/// <param name="Origin">The place of the deferred's creation, if known.</param>
/// <param name="Error">The error of the deferred.</param>
internal sealed record UnhandledFailure(int Id, string? Origin, Exception Error);
