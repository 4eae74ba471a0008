namespace TwistedPS.Engine.Framing;

/// <summary>The place of a message among received bytes.</summary>
/// <param name="Start">The offset of its first byte.</param>
/// <param name="Length">The number of its bytes.</param>
/// <param name="End">The offset of what follows the message and all that belongs to it.</param>
internal readonly record struct FrameBounds(int Start, int Length, int End);
