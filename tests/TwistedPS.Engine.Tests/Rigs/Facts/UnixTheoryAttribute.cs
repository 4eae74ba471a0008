namespace TwistedPS.Tests;

/// <summary>A test with data that needs UNIX sockets as Linux has them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Linux only.";
}
