using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>Multicast on a socket: groups, and the way that what is sent to one goes (Twisted's <c>IMulticastTransport</c>). Thread-safe.</summary>
/// <param name="socket">The socket.</param>
/// <param name="interfaceName">The interface; null leaves it to the system.</param>
internal sealed class Multicast(Socket socket, string? interfaceName)
{
    // Linux gives a socket what any other of the machine has joined for, unless it is told not to.
    private const int IPLevel = 0;
    private const int IPMulticastAll = 49;
    private const int IPv6Level = 41;
    private const int IPv6MulticastAll = 29;

    private readonly List<IPAddress> _groups = [];

    /// <summary>The groups joined, as text.</summary>
    public string[] Groups { get; private set; } = [];

    private bool HasIPv4 => socket.AddressFamily == AddressFamily.InterNetwork || socket.DualMode;

    private bool HasIPv6 => socket.AddressFamily == AddressFamily.InterNetworkV6;

    /// <exception cref="FormatException">It is not the address of a group.</exception>
    public static IPAddress ParseGroup(string text) =>
        IPAddress.TryParse(text, out IPAddress? group) && (group.IsIPv6Multicast || IsIPv4Multicast(group))
            ? group
            : throw new FormatException($"'{text}' is no multicast group: those of IPv4 are 224.0.0.0 to 239.255.255.255, those of IPv6 begin with ff.");

    /// <summary>Sets the way of what is sent to groups.</summary>
    /// <exception cref="FormatException">There is no such interface.</exception>
    /// <exception cref="SocketException">The system does not allow it.</exception>
    public void Configure(int? timeToLive, bool loopback)
    {
        if (HasIPv4)
            Configure(SocketOptionLevel.IP, IPAddress.HostToNetworkOrder(IndexOrZero(AddressFamily.InterNetwork)), timeToLive, loopback);
        if (HasIPv6)
            Configure(SocketOptionLevel.IPv6, IndexOrZero(AddressFamily.InterNetworkV6), timeToLive, loopback);
        if (!OperatingSystem.IsLinux())
            return;
        if (HasIPv4)
            socket.SetRawSocketOption(IPLevel, IPMulticastAll, new byte[sizeof(int)]);
        if (HasIPv6)
            socket.SetRawSocketOption(IPv6Level, IPv6MulticastAll, new byte[sizeof(int)]);
    }

    /// <exception cref="FormatException">It is not the address of a group.</exception>
    /// <exception cref="SocketException">The system does not allow it, or has joined already.</exception>
    public void Join(string group)
    {
        IPAddress address = ParseGroup(group);
        Set(address, SocketOptionName.AddMembership);
        Note(groups => groups.Add(address));
    }

    /// <exception cref="FormatException">It is not the address of a group.</exception>
    /// <exception cref="SocketException">It was not joined.</exception>
    public void Leave(string group)
    {
        IPAddress address = ParseGroup(group);
        Set(address, SocketOptionName.DropMembership);
        Note(groups => groups.Remove(address));
    }

    private void Note(Action<List<IPAddress>> change)
    {
        lock (_groups)
        {
            change(_groups);
            Groups = [.. _groups.Select(joined => $"{joined}")];
        }
    }

    private static bool IsIPv4Multicast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and <= 239;

    private void Configure(SocketOptionLevel level, int index, int? timeToLive, bool loopback)
    {
        if (interfaceName is not null)
            socket.SetSocketOption(level, SocketOptionName.MulticastInterface, index);
        if (timeToLive is { } hops)
            socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, hops);
        socket.SetSocketOption(level, SocketOptionName.MulticastLoopback, loopback);
    }

    private void Set(IPAddress group, SocketOptionName change)
    {
        int index = IndexOrZero(group.AddressFamily);
        if (group.AddressFamily == AddressFamily.InterNetwork)
            socket.SetSocketOption(SocketOptionLevel.IP, change, new MulticastOption(group, index));
        else
            socket.SetSocketOption(SocketOptionLevel.IPv6, change, new IPv6MulticastOption(group, index));
    }

    private int IndexOrZero(AddressFamily family) => interfaceName is null ? 0 : IndexOf(interfaceName, family);

    private static int IndexOf(string name, AddressFamily family)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return index;
        IPAddress? address = IPAddress.TryParse(name, out IPAddress? parsed) ? parsed : null;
        NetworkInterface found = Array.Find(
            NetworkInterface.GetAllNetworkInterfaces(),
            it => string.Equals(it.Name, name, StringComparison.OrdinalIgnoreCase) || (address is not null && Has(it, address)))
            ?? throw new FormatException($"There is no network interface '{name}'.");
        IPInterfaceProperties properties = found.GetIPProperties();
        return family == AddressFamily.InterNetwork ? properties.GetIPv4Properties().Index : properties.GetIPv6Properties().Index;
    }

    private static bool Has(NetworkInterface it, IPAddress address) =>
        it.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(address));
}
