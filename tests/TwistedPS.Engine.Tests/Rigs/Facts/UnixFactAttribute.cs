namespace TwistedPS.Tests;

/// <summary>A test that needs UNIX sockets as Linux has them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Linux only.";
}
