namespace TwistedPS.Engine.Transports;

/// <summary>What a transport tells of its connection (Twisted's <c>IProtocol</c>). Called on the loop's thread.</summary>
internal interface IProtocol
{
    void ConnectionMade(Transport transport);

    /// <param name="data">Valid during the call only.</param>
    void DataReceived(ReadOnlyMemory<byte> data);

    /// <summary>The peer will send nothing more; it may still read (Twisted's <c>readConnectionLost</c>).</summary>
    void ReadEnded();

    /// <summary>Output that was over the limit is down again: go on.</summary>
    void WriteReady();

    /// <summary>Called once, whatever happened.</summary>
    void ConnectionLost(CloseReason reason, Exception? error);
}
