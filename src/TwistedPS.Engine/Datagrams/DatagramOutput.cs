using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>What a server or client of datagrams sends. Members may be used from any thread.</summary>
/// <param name="owner">The server or client.</param>
internal sealed class DatagramOutput(DatagramService owner)
{
    private volatile DatagramSocket? _socket;

    /// <summary>Datagrams that the system has no room for yet.</summary>
    public DatagramQueue Queue { get; } = new(owner.Options.SendBufferLimit);

    /// <summary>The socket; null before the start and after the end.</summary>
    public DatagramSocket? Socket
    {
        get => _socket;
        set => _socket = value;
    }

    /// <exception cref="NotConnectedException">There is none.</exception>
    public DatagramSocket SocketOrThrow => Socket ?? throw new NotConnectedException($"The {owner} has stopped.");

    /// <summary>Sends a datagram. Off the reactor's thread it is posted, and an error is recorded.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="peer">The receiver; null for the peer of a client.</param>
    /// <exception cref="MessageTooLongException">No datagram can be as long.</exception>
    /// <exception cref="NotConnectedException">The owner has stopped, or there is nobody to send to.</exception>
    /// <exception cref="SocketException">The system refuses it.</exception>
    public void Send(byte[] data, DatagramPeer? peer)
    {
        if (owner.Reactor.IsCurrent)
        {
            SendEarlierOutput();
            SocketFor(data, peer).Send(data, peer?.SocketAddress);
        }
        else
            owner.Reactor.Post(() => TrySend(data, peer));
    }

    /// <summary>Sends a datagram to an address, or with null to the peer of a client. On the reactor's thread only.</summary>
    /// <inheritdoc cref="Send(byte[], DatagramPeer)"/>
    public void SendTo(byte[] data, Address? to)
    {
        SendEarlierOutput();
        SocketAddress? address = to is null ? null : DatagramAddresses.To(to, SocketOrThrow.Socket);
        SocketFor(data, address).Send(data, address);
    }

    /// <summary>
    /// Sends what a handler has output, at the end of the wake-up at the latest. On the reactor's thread only. What the system
    /// refuses then is told of as an error of the socket.
    /// </summary>
    /// <inheritdoc cref="Send(byte[], DatagramPeer)"/>
    public void Answer(byte[] data, DatagramPeer? peer) => SocketFor(data, peer).Answer(data, peer?.SocketAddress);

    /// <summary>What the calling handler has output before comes first.</summary>
    private void SendEarlierOutput() => owner.Reactor.Watch.Current?.SendOutput(owner);

    private void TrySend(byte[] data, DatagramPeer? peer)
    {
        try
        {
            SocketFor(data, peer).Send(data, peer?.SocketAddress);
        }
        catch (Exception e) when (e is SocketException or InvalidMessageException or NotConnectedException)
        {
            owner.AddError("Send", peer, e);
        }
    }

    private DatagramSocket SocketFor(byte[] data, DatagramPeer? peer) => peer is { CanBeAnswered: false }
        ? throw new NotConnectedException("The sender can't be answered: its socket has no name.")
        : SocketFor(data, peer?.SocketAddress);

    private DatagramSocket SocketFor(byte[] data, SocketAddress? to)
    {
        DatagramSocket socket = SocketOrThrow;
        if (data.Length > DatagramSocket.MaxLength)
            throw new MessageTooLongException(CloseReason.MessageTooLong, DatagramSocket.MaxLength);
        if (to is null && !socket.Binding.IsConnected)
            throw new NotConnectedException($"The {owner} has no peer of its own; say to whom to send.");
        return socket;
    }
}
