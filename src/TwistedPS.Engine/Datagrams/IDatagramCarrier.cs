using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// The carrier of a server's or client's datagrams: a socket, or memory. On the loop's thread only, unless a member says otherwise.
/// </summary>
internal interface IDatagramCarrier : IDisposable
{
    Address LocalAddress { get; }

    /// <summary>Whether it has a peer of its own.</summary>
    bool IsConnected { get; }

    /// <summary>The multicast groups that it may join; null where there are none.</summary>
    Multicast? Multicast { get; }

    /// <summary>Converts an address to send to. From any thread.</summary>
    /// <exception cref="SocketException">It can't send there.</exception>
    SocketAddress AddressOf(Address address);

    /// <summary>Returns what sends from the thread of a loop, which need not be the carrier's own. From any thread.</summary>
    IDatagramSender SenderOn(EventLoop loop);

    /// <summary>Begins to receive, or goes on. From any thread.</summary>
    void Resume();

    /// <summary>Receives nothing more until <see cref="Resume"/>. From any thread.</summary>
    void Pause();

    /// <summary>Receives the next datagram of this wake-up.</summary>
    /// <param name="data">The bytes, valid until the next call.</param>
    /// <param name="from">The sender, valid until the next call.</param>
    /// <returns>False if there is none, or others are to have their turn.</returns>
    bool TryReceive(out ReadOnlySpan<byte> data, out SocketAddress from);
}
