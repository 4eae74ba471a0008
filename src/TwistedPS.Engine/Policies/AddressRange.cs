using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Policies;

/// <summary>A range of IP addresses as people write it: <c>10.0.0.0/8</c>, <c>fe80::/10</c>, or a single address.</summary>
internal static class AddressRange
{
    private const int MappedBits = 96;

    /// <summary>Parses a range. One of IPv4 addresses in their IPv6 form becomes one of IPv4, as such peers do.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static IPNetwork Parse(string text)
    {
        string[] parts = text.Trim().Split('/');
        if (parts.Length > 2 || !TryParseAddress(parts[0], out IPAddress address))
            throw new FormatException($"'{text}' is not a range of addresses. Give one such as '10.0.0.0/8', 'fe80::/10', or a single address.");
        int bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        int prefix = bits;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
            throw new FormatException($"'{text}' has no length of 0 to {bits} bits after the slash.");
        if (address.IsIPv4MappedToIPv6 && prefix >= MappedBits)
            (address, prefix) = (address.MapToIPv4(), prefix - MappedBits);
        IPNetwork range = Around(address, prefix);
        IPAddress first = range.BaseAddress;
        return first.Equals(address)
            ? range
            : throw new FormatException($"'{text}' has bits set after its first {prefix}. Write '{first}/{prefix}', or '{address}' for one address.");
    }

    /// <summary>Returns the range of so many leading bits that an address lies in.</summary>
    public static IPNetwork Around(IPAddress address, int prefix)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(prefix - (8 * i), 0, 8));
        return new IPNetwork(new IPAddress(bytes), prefix);
    }

    // .NET understands much that nobody means by it, such as '10', '0x0a.1', '010.0.0.1', or a port and a zone, which it drops.
    private static bool TryParseAddress(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!)
        && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : !text.AsSpan().ContainsAny("[]%"));
}
