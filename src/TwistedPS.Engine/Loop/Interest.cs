namespace TwistedPS.Engine.Loop;

/// <summary>What a pollable wants to hear of, and what it is told of.</summary>
[Flags]
internal enum Interest
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>The kernel reports an error or a hang-up. Always told, never asked for.</summary>
    Failed = 4,
}
