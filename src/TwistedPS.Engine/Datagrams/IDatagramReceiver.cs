using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>The owner of a datagram socket. Called on the thread of any loop that sends over it, unless a member says otherwise.</summary>
internal interface IDatagramReceiver
{
    /// <summary>
    /// Receives datagrams with <see cref="IDatagramCarrier.TryReceive"/>, until there are none. On the thread of the carrier's loop.
    /// </summary>
    void Ready();

    /// <summary>Notes a datagram that the system has accepted.</summary>
    void Sent(int length);

    /// <summary>Notes that nothing waits any more for the system to send it.</summary>
    void Drained();

    /// <summary>Notes a datagram that is lost on this side.</summary>
    void Dropped(string why);

    /// <summary>Receives an error of the socket, such as a peer's refusal of a datagram sent earlier.</summary>
    void Failed(SocketException error);
}
