using System.Net.Sockets;

namespace TwistedPS.Engine.Carriers;

/// <summary>The probes of TCP by which a silent connection shows that its peer is still there.</summary>
internal static class KeepAlive
{
    private const int ProbeSeconds = 10;
    private const int Probes = 5;

    /// <summary>The longest idle time that Linux takes.</summary>
    private const int MostSeconds = 32767;

    /// <summary>
    /// Has the system probe a TCP connection that has been silent for <paramref name="idle"/>: every 10 seconds, or as often
    /// as that if it is less. It is lost after five probes without an answer.
    /// </summary>
    /// <param name="socket">The socket.</param>
    /// <param name="idle">The time of silence before the first probe, in whole seconds rounded up; 0 for no probes.</param>
    public static void Set(Socket socket, TimeSpan idle)
    {
        if (idle <= TimeSpan.Zero)
            return;
        int seconds = (int)Math.Min(Math.Ceiling(idle.TotalSeconds), MostSeconds);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Math.Min(seconds, ProbeSeconds));
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ProtocolOption)
        {
            // An older Windows has its own times, and no way to change them for one socket.
        }
    }
}
