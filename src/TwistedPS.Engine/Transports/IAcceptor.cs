using System.Net.Sockets;

namespace TwistedPS.Engine.Transports;

/// <summary>The receiver of a listener's connections. Called on the loop's thread.</summary>
internal interface IAcceptor
{
    /// <param name="socket">The socket, which no loop watches yet: <see cref="Listener.TransportOver"/> chooses one.</param>
    void Accepted(Socket socket);

    /// <summary>Called when the system can't accept, or watch what it has accepted; the listener goes on, after a pause if need be.</summary>
    void AcceptFailed(SocketException error);
}
