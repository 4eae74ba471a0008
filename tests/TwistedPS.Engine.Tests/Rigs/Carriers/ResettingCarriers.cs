namespace TwistedPS.Tests;

/// <summary>The carriers on which a connection can be reset; at a UNIX socket that looks like its end.</summary>
public sealed class ResettingCarriers : TheoryData<Carrier>
{
    public ResettingCarriers()
    {
        Add(Carrier.Memory);
        Add(Carrier.Pool);
        if (OperatingSystem.IsLinux())
            Add(Carrier.Epoll);
    }
}
