namespace TwistedPS.Engine.Transports;

/// <summary>The protocol of a connection that nobody serves, or nobody yet: its data is dropped.</summary>
internal sealed class UnservedProtocol(Action<CloseReason, Exception?> ended) : IProtocol
{
    public void ConnectionMade(Transport transport)
    {
    }

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
