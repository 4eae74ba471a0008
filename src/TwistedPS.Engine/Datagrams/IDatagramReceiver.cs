using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>The owner of a datagram socket. Called on the loop's thread.</summary>
internal interface IDatagramReceiver
{
    /// <summary>Receives a datagram.</summary>
    /// <param name="data">The bytes, valid during the call.</param>
    /// <param name="from">The sender, valid during the call.</param>
    void Received(ReadOnlySpan<byte> data, SocketAddress from);

    /// <summary>Notes a datagram that the system has accepted.</summary>
    void Sent(int length);

    /// <summary>Notes a datagram that is lost on this side.</summary>
    void Dropped(string why);

    /// <summary>Receives an error of the socket, such as a peer's refusal of a datagram sent earlier.</summary>
    void Failed(SocketException error);
}
