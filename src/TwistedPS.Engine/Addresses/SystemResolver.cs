using System.Net;

namespace TwistedPS.Engine.Addresses;

/// <summary>The system's own way from names to addresses.</summary>
internal sealed class SystemResolver : NameResolver
{
    private const int MostAtOnce = 64;

    private static readonly SemaphoreSlim s_places = new(MostAtOnce);

    private readonly BoundedLookUp _lookUp = new(LookUp, s_places);

    /// <inheritdoc/>
    public override string ToString() => "System";

    internal override Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancel) => _lookUp.LookUpAsync(name, cancel);

    private static IPAddress[] LookUp(string name)
    {
        try
        {
            return Dns.GetHostAddresses(name);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A name longer than any name can be is unknown, too.
            throw Unknown();
        }
    }
}
