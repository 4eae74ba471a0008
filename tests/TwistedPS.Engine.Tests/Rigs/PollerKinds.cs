namespace TwistedPS.Tests;

/// <summary>Every poller of this system.</summary>
public sealed class PollerKinds : TheoryData<PollerKind>
{
    public PollerKinds()
    {
        if (OperatingSystem.IsLinux())
            Add(PollerKind.Epoll);
        Add(PollerKind.Pool);
    }
}
