namespace TwistedPS.Engine.Framing;

/// <summary>The end of a line in bytes that begin with the line.</summary>
/// <param name="Length">The length of the line.</param>
/// <param name="Next">The offset of the next line.</param>
/// <param name="HasCommands">Whether there are commands of telnet in it.</param>
internal readonly record struct LineEnd(int Length, int Next, bool HasCommands = false);
