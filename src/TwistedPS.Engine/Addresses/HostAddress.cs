using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace TwistedPS.Engine.Addresses;

/// <summary>A host and a port, as people write them.</summary>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">The port, from 1 to 65535.</param>
internal sealed record HostAddress(string Host, int Port)
{
    private static readonly Regex s_form = new(
        @"\A(\[(?<IPv6>[^\[\]]+)\]|(?<Name>[^\[\]:]+))(:(?<Port>[0-9]{1,5}))?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    /// <summary>
    /// Parses <c>host</c>, <c>host:port</c>, or an IPv6 address, bare or in brackets, with or without a port. Surrounding
    /// white space is ignored.
    /// </summary>
    /// <returns>False for anything else, or a port out of range.</returns>
    public static bool TryParse(string text, int defaultPort, [NotNullWhen(true)] out HostAddress? address)
    {
        string trimmed = text.Trim();
        address = IsIPv6(trimmed) ? new HostAddress(trimmed, defaultPort) : Parse(s_form.Match(trimmed), defaultPort);
        return address is not null;
    }

    /// <summary>Returns <c>host:port</c>, with brackets around an IPv6 address.</summary>
    public override string ToString() => IsIPv6(Host) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static HostAddress? Parse(Match match, int defaultPort)
    {
        Group inBrackets = match.Groups["IPv6"];
        if (!match.Success || (inBrackets.Success && !IsIPv6(inBrackets.Value)))
            return null;
        string host = inBrackets.Success ? inBrackets.Value : match.Groups["Name"].Value;
        Group digits = match.Groups["Port"];
        int port = digits.Success ? int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : defaultPort;
        return string.IsNullOrWhiteSpace(host) || port is 0 or > IPEndPoint.MaxPort ? null : new HostAddress(host, port);
    }

    // In brackets it may have a port, which .NET would parse and drop.
    private static bool IsIPv6(string text) =>
        !text.StartsWith('[')
        && IPAddress.TryParse(text, out IPAddress? address)
        && address.AddressFamily == AddressFamily.InterNetworkV6;
}
