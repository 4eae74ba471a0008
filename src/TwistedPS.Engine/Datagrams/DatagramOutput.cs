using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>What a server or client of datagrams sends. Members may be used from any thread.</summary>
/// <param name="owner">The server or client.</param>
internal sealed class DatagramOutput(DatagramService owner)
{
    private volatile IDatagramCarrier? _carrier;

    /// <summary>Datagrams that the system has no room for yet.</summary>
    public DatagramQueue Queue { get; } = new(owner.Options.SendBufferLimit);

    /// <summary>The carrier; null before the start and after the end.</summary>
    public IDatagramCarrier? Carrier
    {
        get => _carrier;
        set => _carrier = value;
    }

    /// <exception cref="InvalidOperationException">There are none in memory.</exception>
    /// <exception cref="NotConnectedException">It has stopped.</exception>
    public Multicast MulticastOrThrow =>
        CarrierOrThrow.Multicast ?? throw new InvalidOperationException($"The {owner} has no multicast groups.");

    private IDatagramCarrier CarrierOrThrow => Carrier ?? throw new NotConnectedException($"The {owner} has stopped.");

    /// <summary>Sends a datagram. Off the threads of its reactors it is posted, and an error is recorded.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="peer">The receiver; null for the peer of a client.</param>
    /// <exception cref="MessageTooLongException">No datagram can be as long.</exception>
    /// <exception cref="NotConnectedException">The owner has stopped, or there is nobody to send to.</exception>
    /// <exception cref="SocketException">The system refuses it.</exception>
    public void Send(byte[] data, DatagramPeer? peer)
    {
        if (owner.CurrentPart is { } part)
        {
            SendEarlierOutput(part);
            SenderFor(part, data, peer).Send(data, peer?.SocketAddress);
        }
        else
            owner.Reactor.Post(() => TrySend(data, peer));
    }

    /// <summary>Sends a datagram to an address, or with null to the peer of a client. On the thread of one of its reactors only.</summary>
    /// <inheritdoc cref="Send(byte[], DatagramPeer)"/>
    public void SendTo(byte[] data, Address? to)
    {
        DatagramPart part = owner.CurrentPart!;
        SendEarlierOutput(part);
        SocketAddress? address = to is null ? null : CarrierOrThrow.AddressOf(to);
        SenderFor(part, data, address).Send(data, address);
    }

    /// <summary>
    /// Sends what a peer's handler has output, at the end of the wake-up at the latest. On the thread of the peer's reactor only.
    /// What the system refuses then is told of as an error of the socket.
    /// </summary>
    /// <inheritdoc cref="Send(byte[], DatagramPeer)"/>
    public void Answer(byte[] data, DatagramPeer peer) => SenderFor(peer.Part, data, peer).Answer(data, peer.SocketAddress);

    /// <summary>What the calling handler has output before comes first.</summary>
    private void SendEarlierOutput(DatagramPart part) => part.Reactor.Watch.Current?.SendOutput(owner);

    private void TrySend(byte[] data, DatagramPeer? peer)
    {
        try
        {
            SenderFor(owner.CurrentPart!, data, peer).Send(data, peer?.SocketAddress);
        }
        catch (Exception e) when (e is SocketException or InvalidMessageException or NotConnectedException)
        {
            owner.AddError("Send", peer, e);
        }
    }

    private IDatagramSender SenderFor(DatagramPart part, byte[] data, DatagramPeer? peer) => peer is { CanBeAnswered: false }
        ? throw new NotConnectedException("The sender can't be answered: its socket has no name.")
        : SenderFor(part, data, peer?.SocketAddress);

    private IDatagramSender SenderFor(DatagramPart part, byte[] data, SocketAddress? to)
    {
        IDatagramCarrier carrier = CarrierOrThrow;
        if (data.Length > DatagramSocket.MaxLength)
            throw new MessageTooLongException(CloseReason.MessageTooLong, DatagramSocket.MaxLength);
        if (to is null && !carrier.IsConnected)
            throw new NotConnectedException($"The {owner} has no peer of its own; say to whom to send.");
        return part.Sender!;
    }
}
