namespace TwistedPS.Engine.Transports;

/// <summary>The protocol of a connection that nobody serves: it is closed at once, and its data is dropped.</summary>
internal sealed class RefusedProtocol(Action<CloseReason, Exception?> ended) : IProtocol
{
    public void ConnectionMade(Transport transport) => transport.Close(CloseReason.Refused);

    public void DataReceived(ReadOnlyMemory<byte> data)
    {
    }

    public void ReadEnded()
    {
    }

    public void WriteReady()
    {
    }

    public void ConnectionLost(CloseReason reason, Exception? error) => ended(reason, error);
}
