namespace TwistedPS.Tests;

/// <summary>All carriers: memory, and sockets on every poller of this system.</summary>
public sealed class Carriers : TheoryData<Carrier>
{
    public Carriers()
    {
        Add(Carrier.Memory);
        if (OperatingSystem.IsLinux())
            Add(Carrier.Epoll);
        Add(Carrier.Pool);
    }
}
