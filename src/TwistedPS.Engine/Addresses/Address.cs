using System.Net;
using Newtonsoft.Json;

namespace TwistedPS;

/// <summary>
/// The address of one end of a connection, or of a listener (Twisted's <c>IAddress</c>): an IP address and a port, the path
/// of a UNIX socket, or memory.
/// </summary>
public sealed record Address
{
    private Address(EndPoint? endPoint) => EndPoint = endPoint;

    /// <summary>The address of connections that never leave the process.</summary>
    public static Address Memory { get; } = new((EndPoint?)null);

    /// <summary>The .NET form of the address; null for memory.</summary>
    [JsonIgnore]
    public EndPoint? EndPoint { get; }

    /// <summary>The IP address as text, the path of a UNIX socket, or "memory".</summary>
    public string Host => IP?.ToString() ?? EndPoint?.ToString() ?? "memory";

    /// <summary>The port; 0 for an address without one.</summary>
    public int Port => (EndPoint as IPEndPoint)?.Port ?? 0;

    internal IPAddress? IP => (EndPoint as IPEndPoint)?.Address;

    /// <summary>Converts the end point of a socket; null becomes memory.</summary>
    /// <remarks>A dual-stack socket reports IPv4 addresses as IPv6; people and limits expect them as IPv4.</remarks>
    public static Address From(EndPoint? endPoint) => endPoint switch
    {
        null => Memory,
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => new Address(new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)),
        _ => new Address(endPoint),
    };

    /// <summary>Returns <c>127.0.0.1:80</c>, <c>[::1]:80</c>, the path of a UNIX socket, or "memory".</summary>
    public override string ToString() => EndPoint?.ToString() ?? Host;
}
