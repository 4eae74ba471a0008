using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Streams;

/// <summary>A connection as the far end of a relay.</summary>
internal sealed class RelayedConnection(Connection connection) : IRelayEnd
{
    public void Write(ReadOnlySpan<byte> bytes, IProducer source) => connection.Output.WriteRelayed(bytes, source);

    public void EndSending() => connection.EndSending();

    public void End(Connection ended)
    {
        if (ended.CloseReason is CloseReason.None or CloseReason.Done or CloseReason.ServerStopped)
            connection.Close();
        else
            connection.Abort();
    }
}
