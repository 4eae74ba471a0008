using System.Net.Sockets;

namespace TwistedPS.Engine.Transports;

/// <summary>The receiver of a listener's connections. Called on the loop's thread.</summary>
internal interface IAcceptor
{
    void Accepted(Transport transport);

    /// <summary>Called for a connection that was gone before it could be used.</summary>
    void AcceptedTooLate(SocketException error);

    /// <summary>Called when the system can't accept, or watch what it has accepted; the listener goes on, after a pause if need be.</summary>
    void AcceptFailed(SocketException error);
}
