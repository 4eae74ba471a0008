namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// The handlers of a datagram socket (Twisted's <c>DatagramProtocol</c>); the module implements them with scriptblocks. Called
/// on the reactor's thread, never nested. An exception ends its own call and nothing else.
/// </summary>
internal interface IDatagramHandler
{
    /// <summary>Called once before the first datagram (<c>startProtocol</c>); an error ends the start.</summary>
    void Started(DatagramService service);

    /// <summary>
    /// Called once before the first datagram on a reactor that is not the server's first, on its thread; an error ends the start.
    /// </summary>
    void Prepare()
    {
    }

    /// <summary>Handles all datagrams that have arrived (<c>datagramReceived</c>), each in a call of its own.</summary>
    void Received(DatagramBatch datagrams);

    /// <summary>Handles an error of the socket (<c>connectionRefused</c>), which is recorded already.</summary>
    void Failed(DatagramService service, Exception error);

    /// <summary>Called once after the last datagram (<c>stopProtocol</c>).</summary>
    void Stopped(DatagramService service);
}
