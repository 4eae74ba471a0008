using System.Net;

namespace TwistedPS.Tests;

/// <summary>The sockets of carriers.</summary>
internal static class CarrierSockets
{
    public static PollerKind Poller(this Carrier carrier) =>
        carrier is Carrier.Epoll or Carrier.Unix ? PollerKind.Epoll : PollerKind.Pool;

    /// <summary>Returns an address for a server that nobody else has: a free port, or a name without a file.</summary>
    public static Address Address(this Carrier carrier) => carrier switch
    {
        Carrier.Memory => TwistedPS.Address.Memory,
        Carrier.Unix or Carrier.UnixPool => TwistedPS.Address.OfPath($"@twistedps-{Guid.NewGuid():N}"),
        _ => TwistedPS.Address.From(new IPEndPoint(IPAddress.Loopback, 0)),
    };
}
