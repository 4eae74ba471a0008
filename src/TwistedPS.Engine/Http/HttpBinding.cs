using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Http;

/// <summary>The binding of .NET's HTTP listener, which by itself knows neither port 0 nor the usual errors.</summary>
internal static class HttpBinding
{
    private const int MostTries = 20;
    private const int WindowsAccessDenied = 5;

    /// <summary>Listens; requests wait until they are accepted.</summary>
    /// <returns>The listener and its end point.</returns>
    /// <exception cref="SocketException">The server can't listen there.</exception>
    public static (HttpListener Listener, IPEndPoint EndPoint) Listen(IPEndPoint endPoint, string? hostName)
    {
        IPAddress address = endPoint.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Any : endPoint.Address;
        if (address.AddressFamily != AddressFamily.InterNetwork)
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);

        for (int tries = 1; ; tries++)
        {
            int port = FindPort(address, endPoint.Port);
            var listener = new HttpListener();
            foreach (string host in Hosts(address, hostName, port))
                listener.Prefixes.Add($"http://{host}:{port}/");
            try
            {
                listener.Start();
                return (listener, new IPEndPoint(address, port));
            }
            catch (HttpListenerException e) when (endPoint.Port != 0 || tries == MostTries || e.ErrorCode == WindowsAccessDenied)
            {
                throw new SocketException((int)(e.ErrorCode == WindowsAccessDenied
                    ? SocketError.AccessDenied
                    : SocketError.AddressAlreadyInUse));
            }
            catch (HttpListenerException)
            {
                // Another program has taken the free port in the meantime; there are others.
                listener.Close();
            }
        }
    }

    /// <summary>Checks with a socket that the port is free, or finds a free one for 0.</summary>
    private static int FindPort(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, port));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Returns the hosts that requests may name: all others get 404, unless it listens on all addresses.</summary>
    private static IEnumerable<string> Hosts(IPAddress address, string? hostName, int port)
    {
        if (address.Equals(IPAddress.Any))
            return ["*"];
        IEnumerable<string> names = hostName is null ? [] : [hostName.ToLowerInvariant()];
        if (IPAddress.IsLoopback(address))
            names = names.Append("localhost");
        return names.Distinct().Where(name => CanListen(name, address, port)).Prepend(address.ToString());
    }

    /// <summary>Checks a name's first address, the one that the listener binds: it may be another, such as ::1.</summary>
    private static bool CanListen(string name, IPAddress address, int port)
    {
        try
        {
            IPAddress first = Dns.GetHostAddresses(name)[0];
            return first.Equals(address) || FindPort(first, port) == port;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
