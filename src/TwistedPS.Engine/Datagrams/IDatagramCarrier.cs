using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>The carrier of a server's or client's datagrams: a socket, or memory. On the loop's thread only.</summary>
internal interface IDatagramCarrier : IDisposable
{
    Address LocalAddress { get; }

    /// <summary>Whether it has a peer of its own.</summary>
    bool IsConnected { get; }

    /// <summary>The multicast groups that it may join; null where there are none.</summary>
    Multicast? Multicast { get; }

    /// <summary>Converts an address to send to.</summary>
    /// <exception cref="SocketException">It can't send there.</exception>
    SocketAddress AddressOf(Address address);

    /// <summary>Begins to receive, or goes on.</summary>
    void Resume();

    void Pause();

    /// <summary>Receives the next datagram of this wake-up.</summary>
    /// <param name="data">The bytes, valid until the next call.</param>
    /// <param name="from">The sender, valid until the next call.</param>
    /// <returns>False if there is none, or others are to have their turn.</returns>
    bool TryReceive(out ReadOnlySpan<byte> data, out SocketAddress from);

    /// <summary>Sends a datagram, or queues it while there is no room.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="to">The receiver; null for the peer of its own.</param>
    /// <exception cref="SocketException">The system refuses it: too long, no route, not permitted, or nobody there.</exception>
    void Send(ReadOnlySpan<byte> data, SocketAddress? to);

    /// <summary>Sends an answer when the datagrams of this wake-up are handled, with the others, or at once.</summary>
    /// <inheritdoc cref="Send"/>
    void Answer(ReadOnlySpan<byte> data, SocketAddress? to);
}
