using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>Addresses as the system has them, and as people read them.</summary>
internal static class DatagramAddresses
{
    /// <summary>The UNIX socket that has no name.</summary>
    private static readonly UnixDomainSocketEndPoint s_unix = new("/");

    /// <summary>Converts an address that the system has reported.</summary>
    public static Address From(SocketAddress address) => Address.From(address.Family switch
    {
        AddressFamily.InterNetwork => new IPEndPoint(IPAddress.Any, 0).Create(address),
        AddressFamily.InterNetworkV6 => new IPEndPoint(IPAddress.IPv6Any, 0).Create(address),
        _ => s_unix.Create(address),
    });

    /// <summary>Converts an address for a socket of a family, which may be one of IPv6 that does IPv4 as well.</summary>
    /// <exception cref="SocketException">The socket can't send there.</exception>
    public static SocketAddress To(Address address, Socket socket)
    {
        EndPoint endPoint = address.EndPoint!;
        if (endPoint is IPEndPoint ip && ip.AddressFamily != socket.AddressFamily && IsDual(socket))
            endPoint = new IPEndPoint(ip.Address.MapToIPv6(), ip.Port);
        return endPoint.AddressFamily == socket.AddressFamily
            ? endPoint.Serialize()
            : throw new SocketException((int)SocketError.AddressFamilyNotSupported);
    }

    private static bool IsDual(Socket socket) => socket is { AddressFamily: AddressFamily.InterNetworkV6, DualMode: true };
}
