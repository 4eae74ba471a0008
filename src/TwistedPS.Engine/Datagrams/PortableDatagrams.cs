using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>.NET's calls for datagrams, for systems without others.</summary>
internal static class PortableDatagrams
{
    /// <summary>Receives a datagram, if there is one.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="buffer">The buffer for the bytes.</param>
    /// <param name="from">Receives the sender.</param>
    /// <param name="isKnown">Whether there was said to be one. An empty one looks as if there were none.</param>
    /// <param name="count">The number of bytes.</param>
    public static SocketError Receive(Socket socket, Span<byte> buffer, SocketAddress from, bool isKnown, out int count)
    {
        count = 0;
        try
        {
            // It throws when there is nothing.
            if (!isKnown && socket.Available == 0)
                return SocketError.WouldBlock;
            from.Size = from.Buffer.Length;
            count = socket.ReceiveFrom(buffer, SocketFlags.None, from);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    /// <summary>
    /// Sends a datagram, to the peer of a connected socket if there is no address. From any thread; another one may close the socket.
    /// </summary>
    public static SocketError Send(Socket socket, ReadOnlySpan<byte> bytes, SocketAddress? to)
    {
        try
        {
            if (to is null)
            {
                socket.Send(bytes, SocketFlags.None, out SocketError error);
                return error;
            }

            socket.SendTo(bytes, SocketFlags.None, to);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.NotConnected;
        }
    }
}
