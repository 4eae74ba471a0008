using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace TwistedPS.Engine.Addresses;

/// <summary>A host and a port, or the path of a UNIX socket, as people write them.</summary>
/// <param name="Host">A name or an address, without brackets; the path where there is no port.</param>
/// <param name="Port">The port, from 1 to 65535; 0 for a path.</param>
internal sealed record HostAddress(string Host, int Port)
{
    private const string Unix = "unix:";

    private static readonly Regex s_form = new(
        @"\A(\[(?<IPv6>[^\[\]]+)\]|(?<Name>[^\[\]:]+))(:(?<Port>[0-9]{1,5}))?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    /// <summary>Whether it is the path of a UNIX socket, or after an @ an abstract name of Linux.</summary>
    public bool IsPath => Port == 0;

    /// <summary>
    /// Parses <c>host</c>, <c>host:port</c>, or an IPv6 address, bare or in brackets, with or without a port. Surrounding
    /// white space is ignored. <c>unix:</c> stands before the path of a UNIX socket.
    /// </summary>
    /// <returns>False for anything else, or a port out of range.</returns>
    public static bool TryParse(string text, int defaultPort, [NotNullWhen(true)] out HostAddress? address)
    {
        string trimmed = text.Trim();
        address = trimmed.StartsWith(Unix, StringComparison.OrdinalIgnoreCase) ? OfPath(trimmed[Unix.Length..])
            : IsIPv6(trimmed) ? new HostAddress(trimmed, defaultPort) : Parse(s_form.Match(trimmed), defaultPort);
        return address is not null;
    }

    /// <summary>Returns <c>host:port</c>, with brackets around an IPv6 address, or the path.</summary>
    public override string ToString() => IsPath ? Host : IsIPv6(Host) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static HostAddress? OfPath(string path) => path.Length > 0 ? new HostAddress(path, 0) : null;

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
