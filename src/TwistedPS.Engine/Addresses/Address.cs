using System.Net;
using System.Net.Sockets;
using System.Text;
using Newtonsoft.Json;

namespace TwistedPS;

/// <summary>
/// The address of one end of a connection, or of a listener (Twisted's <c>IAddress</c>): an IP address and a port, the path
/// of a UNIX socket, or memory.
/// </summary>
public sealed record Address
{
    private const string Unnamed = "unix";

    private Address(EndPoint? endPoint) => EndPoint = endPoint;

    /// <summary>The address of connections that never leave the process.</summary>
    public static Address Memory { get; } = new((EndPoint?)null);

    /// <summary>The .NET form of the address; null for memory.</summary>
    [JsonIgnore]
    public EndPoint? EndPoint { get; }

    /// <summary>
    /// The IP address as text, the path of a UNIX socket (after an @ its abstract name), "unix" for one without a name, as
    /// clients have, or "memory".
    /// </summary>
    public string Host => IP?.ToString() ?? EndPoint?.ToString() switch
    {
        null => "memory",
        "" => Unnamed,
        var path => path,
    };

    /// <summary>The port; 0 for an address without one.</summary>
    public int Port => (EndPoint as IPEndPoint)?.Port ?? 0;

    internal IPAddress? IP => (EndPoint as IPEndPoint)?.Address;

    /// <summary>The file of a UNIX socket; null for a name without one, and anything else.</summary>
    internal string? FilePath =>
        EndPoint is UnixDomainSocketEndPoint && EndPoint.ToString() is { Length: > 0 } path && path[0] != '@' ? path : null;

    /// <summary>Converts the end point of a socket; null becomes memory.</summary>
    /// <remarks>A dual-stack socket reports IPv4 addresses as IPv6; people and limits expect them as IPv4.</remarks>
    public static Address From(EndPoint? endPoint) => endPoint switch
    {
        null => Memory,
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => new Address(new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)),
        _ => new Address(endPoint),
    };

    /// <summary>Returns <c>127.0.0.1:80</c>, <c>[::1]:80</c>, or the host where there is no port.</summary>
    public override string ToString() => EndPoint is IPEndPoint ip ? ip.ToString() : Host;

    /// <summary>Converts the path of a UNIX socket, or after an @ an abstract name of Linux.</summary>
    /// <exception cref="SocketException">The path is too long, or the system has no UNIX sockets.</exception>
    internal static Address OfPath(string path)
    {
        try
        {
            return new Address(new UnixDomainSocketEndPoint(path.StartsWith('@') ? $"\0{path.AsSpan(1)}" : path));
        }
        catch (ArgumentOutOfRangeException)
        {
            int length = Encoding.UTF8.GetByteCount(path);
            throw new SocketException(
                (int)SocketError.InvalidArgument, $"The path is too long for a UNIX socket: {length} bytes, where Linux has room for 107.");
        }
        catch (PlatformNotSupportedException e)
        {
            throw new SocketException((int)SocketError.AddressFamilyNotSupported, e.Message);
        }
    }
}
