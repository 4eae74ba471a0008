namespace TwistedPS.Engine.Transports;

/// <summary>The receiver of a transport's events (Twisted's <c>IProtocol</c>). Called on the loop's thread.</summary>
internal interface IProtocol
{
    void ConnectionMade(Transport transport);

    /// <param name="data">Valid during the call only.</param>
    void DataReceived(ReadOnlyMemory<byte> data);

    /// <summary>Called when the peer has ended sending; it may still read (Twisted's <c>readConnectionLost</c>).</summary>
    void ReadEnded();

    /// <summary>Called when output that was over the limit has drained.</summary>
    void WriteReady();

    /// <summary>Called once at the end, whatever happened.</summary>
    void ConnectionLost(CloseReason reason, Exception? error);
}
