using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>What sends over a carrier of datagrams from the thread of one loop. On that thread only.</summary>
internal interface IDatagramSender
{
    /// <summary>Sends a datagram, or queues it while there is no room.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="to">The receiver; null for the peer of the carrier's own.</param>
    /// <exception cref="SocketException">The system refuses it: too long, no route, not permitted, or nobody there.</exception>
    void Send(ReadOnlySpan<byte> data, SocketAddress? to);

    /// <summary>Sends an answer when the datagrams of this wake-up are handled, with the others, or at once.</summary>
    /// <inheritdoc cref="Send"/>
    void Answer(ReadOnlySpan<byte> data, SocketAddress? to);

    /// <summary>Lets answers wait for <see cref="EndAnswers"/>.</summary>
    void BeginAnswers();

    /// <summary>Sends the answers that have waited.</summary>
    void EndAnswers();
}
