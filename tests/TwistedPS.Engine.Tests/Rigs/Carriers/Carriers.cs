namespace TwistedPS.Tests;

/// <summary>All carriers: memory, and sockets of TCP and UNIX on every poller of this system.</summary>
public sealed class Carriers : TheoryData<Carrier>
{
    public Carriers()
    {
        Add(Carrier.Memory);
        Add(Carrier.Pool);
        if (!OperatingSystem.IsLinux())
            return;
        Add(Carrier.Epoll);
        Add(Carrier.Unix);
        Add(Carrier.UnixPool);
    }
}
