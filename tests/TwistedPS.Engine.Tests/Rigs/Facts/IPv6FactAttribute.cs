using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

/// <summary>A test for machines on which IPv6 works, at least locally.</summary>
internal sealed class IPv6FactAttribute : FactAttribute
{
    public IPv6FactAttribute()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        }
        catch (SocketException e)
        {
            Skip = $"There is no IPv6: {e.Message}";
        }
    }
}
