using System.Collections.Concurrent;
using System.Net.Sockets;

namespace TwistedPS.Engine.Groups;

/// <summary>
/// The sockets of a broker's client. One that is closed because the broker is silent drops what it has not sent: the system
/// would go on sending it, and it would arrive after what is sent later. Thread-safe.
/// </summary>
internal sealed class BrokerSockets
{
    private static readonly LingerOption s_drop = new(true, 0);
    private static readonly LingerOption s_send = new(false, 0);

    private readonly ConcurrentDictionary<object, Socket> _sockets = new();

    /// <summary>Adds a socket, which replaces the last one of the same use.</summary>
    public void Add(object use, Socket socket)
    {
        socket.LingerState = s_drop;
        _sockets[use] = socket;
    }

    /// <summary>Closes all sockets, which their client notices as a loss.</summary>
    public void Abort()
    {
        foreach (Socket socket in _sockets.Values)
            socket.Dispose();
    }

    /// <summary>Lets the sockets send the rest when they are closed: it is the end of the client.</summary>
    public void KeepRest()
    {
        foreach (Socket socket in _sockets.Values)
        {
            try
            {
                socket.LingerState = s_send;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }
        }
    }
}
