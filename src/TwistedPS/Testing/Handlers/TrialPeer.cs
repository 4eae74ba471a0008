using System.Buffers;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Testing;

/// <summary>The peer of a server under test: it keeps all that it gets, and closes when the server does.</summary>
internal sealed class TrialPeer : IProtocol
{
    private readonly ArrayBufferWriter<byte> _reply = new();
    private Transport? _transport;

    /// <summary>All bytes so far.</summary>
    public ReadOnlyMemory<byte> Reply => _reply.WrittenMemory;

    public void ConnectionMade(Transport transport) => _transport = transport;

    public void DataReceived(ReadOnlyMemory<byte> data) => _reply.Write(data.Span);

    public void ReadEnded() => _transport!.Close(CloseReason.Done);

    public void WriteReady()
    {
    }

    public void ConnectionLost(CloseReason reason, Exception? error)
    {
    }
}
