using System.Net.Sockets;
using NATS.Client.Core;

namespace TwistedPS.Nats;

/// <summary>A connection to NATS on a socket that others may set up, unlike that of the client.</summary>
internal sealed class NatsSocket : INatsTlsUpgradeableSocketConnection
{
    public Socket Socket { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer) => Socket.SendAsync(buffer, SocketFlags.None);

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => Socket.ReceiveAsync(buffer, SocketFlags.None);

    public ValueTask DisposeAsync()
    {
        try
        {
            // A socket that is to send the rest would be reset by the end of the receive that is under way.
            if (Socket.LingerState is { Enabled: false })
                Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already, or has never been connected.
        }

        Socket.Dispose();
        return default;
    }
}
