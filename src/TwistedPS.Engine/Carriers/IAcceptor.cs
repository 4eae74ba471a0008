using System.Net.Sockets;

namespace TwistedPS.Engine.Carriers;

/// <summary>What a listener hands its connections to. Called on the reactor's thread.</summary>
internal interface IAcceptor
{
    void Accepted(Socket socket);

    /// <summary>The system can't accept now; the listener tries again after a pause.</summary>
    void AcceptFailed(SocketException error);
}
