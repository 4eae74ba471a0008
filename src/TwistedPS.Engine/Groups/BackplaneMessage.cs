namespace TwistedPS.Engine.Groups;

/// <summary>A message as it arrives.</summary>
/// <param name="Subject">The subject that it was published to.</param>
/// <param name="Payload">What it carries.</param>
/// <param name="Reply">The subject for a reply; null if none is wanted.</param>
internal readonly record struct BackplaneMessage(string Subject, Payload Payload, string? Reply);
