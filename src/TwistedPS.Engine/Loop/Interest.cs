namespace TwistedPS.Engine.Loop;

/// <summary>The readiness that a pollable asks for, and is told of.</summary>
[Flags]
internal enum Interest
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>An error or a hang-up reported by the kernel. Always told, never asked for.</summary>
    Failed = 4,
}
