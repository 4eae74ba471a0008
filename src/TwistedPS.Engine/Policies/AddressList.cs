using System.Net;

namespace TwistedPS.Engine.Policies;

/// <summary>
/// The addresses from which connections are accepted. A range that is denied goes before one that is allowed; without allowed
/// ranges, all others are. Peers without an IP address, in memory and at a UNIX socket, always are.
/// </summary>
/// <param name="allowed">The allowed ranges; none for all.</param>
/// <param name="denied">The denied ranges.</param>
internal sealed class AddressList(IPNetwork[] allowed, IPNetwork[] denied)
{
    /// <summary>The list of all addresses.</summary>
    public static AddressList Everybody { get; } = new([], []);

    /// <summary>The allowed ranges; none for all.</summary>
    public IPNetwork[] Allowed => allowed;

    /// <summary>The denied ranges.</summary>
    public IPNetwork[] Denied => denied;

    public bool Allows(Address peer) => peer.IP is not { } ip || (!IsIn(denied, ip) && (allowed.Length == 0 || IsIn(allowed, ip)));

    private static bool IsIn(IPNetwork[] ranges, IPAddress ip) => Array.Exists(ranges, range => range.Contains(ip));
}
