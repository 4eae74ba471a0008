using System.Buffers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// One side of a relay: the protocol of a connection whose bytes go to the other side. The connection is not read while that has
/// too much unsent.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="other">The other side.</param>
internal sealed class RelaySide(Connection connection, IRelayEnd other) : IProtocol
{
    /// <summary>The protocol so far, which still learns what is not about bytes.</summary>
    private IMessageReceiver Receiver => connection.Receiver;

    /// <summary>Begins with what has already arrived.</summary>
    public void Begin()
    {
        var queued = new ArrayBufferWriter<byte>();
        connection.Owner.WriteQueued(queued);
        DataReceived(queued.WrittenMemory);
        DataReceived(Receiver.Undelivered);
        Receiver.Stop();
        connection.Transport!.Switch(this);
        if (connection.Transport.IsReadEnded)
            ReadEnded();
    }

    public void ConnectionMade(Transport transport)
    {
    }

    public void DataReceived(ReadOnlyMemory<byte> data) => other.Write(data.Span, connection.Producer);

    public void ReadEnded()
    {
        connection.PeerEnded();
        other.EndSending();
    }

    public void WriteReady() => Receiver.WriteReady();

    public void ConnectionLost(CloseReason reason, Exception? error)
    {
        other.End(connection);
        Receiver.ConnectionLost(reason, error);
    }
}
