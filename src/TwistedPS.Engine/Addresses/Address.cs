using System.Net;

namespace TwistedPS;

/// <summary>
/// One end of a connection, or where a server listens (Twisted's <c>IAddress</c>): an IP address and a port, the path of a
/// UNIX socket, or memory.
/// </summary>
public sealed record Address
{
    private Address(EndPoint? endPoint) => EndPoint = endPoint;

    /// <summary>The address of whatever never leaves the process.</summary>
    public static Address Memory { get; } = new((EndPoint?)null);

    /// <summary>The same for .NET; null for memory.</summary>
    public EndPoint? EndPoint { get; }

    /// <summary>The IP address as text, the path of a UNIX socket, or "memory".</summary>
    public string Host => IP?.ToString() ?? EndPoint?.ToString() ?? "memory";

    /// <summary>The port; 0 where there is none.</summary>
    public int Port => (EndPoint as IPEndPoint)?.Port ?? 0;

    internal IPAddress? IP => (EndPoint as IPEndPoint)?.Address;

    /// <summary>The address of an end of a socket; memory for null.</summary>
    /// <remarks>A socket for both IP versions shows IPv4 addresses as IPv6; people and limits know them as what they are.</remarks>
    public static Address From(EndPoint? endPoint) => endPoint switch
    {
        null => Memory,
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => new Address(new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)),
        _ => new Address(endPoint),
    };

    /// <summary><c>127.0.0.1:80</c>, <c>[::1]:80</c>, the path of a UNIX socket, or "memory".</summary>
    public override string ToString() => EndPoint?.ToString() ?? Host;
}
