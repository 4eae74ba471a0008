namespace TwistedPS.Tests;

/// <summary>A test for systems with UNIX sockets for datagrams.</summary>
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no UNIX sockets for datagrams." : null;
}
