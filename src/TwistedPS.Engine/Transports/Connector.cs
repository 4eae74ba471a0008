using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Transports;

/// <summary>The maker of outgoing connections. Runs on .NET's thread pool, since looking up a name may block.</summary>
internal static class Connector
{
    /// <summary>Connects, and delivers the transport on the loop's thread.</summary>
    /// <param name="loop">The loop of the transport, and the clock.</param>
    /// <param name="resolver">The way to the addresses of a name.</param>
    /// <param name="server">The name or address of the host and its port, or the path of a UNIX socket.</param>
    /// <param name="timeout">The time limit for the lookup and all attempts together.</param>
    /// <param name="localEndPoint">The local end point; null leaves it to the system.</param>
    /// <param name="keepAlive">The time of silence before the connection is probed; 0 for never.</param>
    /// <param name="connected">Called with the transport.</param>
    /// <param name="cancel">Cancels the lookup and all attempts.</param>
    /// <exception cref="SocketException">The name is unknown, or no address answered.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public static async Task ConnectAsync(
        EventLoop loop,
        NameResolver resolver,
        HostAddress server,
        TimeSpan timeout,
        IPEndPoint? localEndPoint,
        TimeSpan keepAlive,
        Action<Transport> connected,
        CancellationToken cancel)
    {
        Socket socket = server.IsPath
            ? await UnixConnector.ConnectAsync(server.Host, timeout, loop.TimeProvider, cancel).ConfigureAwait(false)
            : await Over(resolver, localEndPoint, loop.TimeProvider).ConnectAsync(server.Host, server.Port, timeout, cancel).ConfigureAwait(false);
        SocketCarrier? carrier = null;
        try
        {
            await loop.PostAsync(() =>
            {
                cancel.ThrowIfCancellationRequested();
                carrier = new SocketCarrier(loop, socket, keepAlive);
                connected(new Transport(loop, carrier));
                return true;
            }).ConfigureAwait(false);
        }
        finally
        {
            if (carrier is null)
                socket.Dispose();
        }
    }

    /// <summary>Creates a connector of sockets to the addresses that a resolver finds.</summary>
    /// <param name="resolver">The way to the addresses of a name.</param>
    /// <param name="localEndPoint">
    /// The local end point (Twisted's <c>bindAddress</c>), for addresses of the same family; with port 0 the system chooses
    /// one.
    /// </param>
    /// <param name="time">The clock.</param>
    internal static HappyEyeballs<Socket> Over(NameResolver resolver, IPEndPoint? localEndPoint, TimeProvider time) =>
        new(resolver.LookUpAsync, (remote, cancel) => ConnectAsync(remote, localEndPoint, cancel), time)
        {
            // Two sockets can't share a local port, at least not on every system.
            OneAtATime = localEndPoint is { Port: not 0 },
        };

    /// <summary>Connects to one address.</summary>
    private static async Task<Socket> ConnectAsync(IPEndPoint remote, IPEndPoint? local, CancellationToken cancel)
    {
        if (local is not null && local.AddressFamily != remote.AddressFamily)
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (local is not null)
                socket.Bind(local);
            await socket.ConnectAsync(remote, cancel).ConfigureAwait(false);
            return socket;
        }
        catch (OutOfMemoryException e)
        {
            // So .NET says that the system lets it watch no other socket.
            socket.Dispose();
            throw new SocketException((int)SocketError.NoBufferSpaceAvailable, e.Message);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
