using System.Net.Sockets;

namespace TwistedPS.Engine.Transports;

/// <summary>What a listener hands its connections to. Called on the loop's thread.</summary>
internal interface IAcceptor
{
    void Accepted(Transport transport);

    /// <summary>A connection was gone before it could be used.</summary>
    void AcceptedTooLate(SocketException error);

    /// <summary>The system can't accept now; the listener tries again after a pause.</summary>
    void AcceptFailed(SocketException error);
}
