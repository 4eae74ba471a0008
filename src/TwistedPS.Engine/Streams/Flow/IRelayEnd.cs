using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Streams;

/// <summary>Where the bytes of a relayed connection go: another connection, or a process. On the reactor's thread only.</summary>
internal interface IRelayEnd
{
    /// <summary>Writes bytes; their source waits after them if they are not read.</summary>
    void Write(ReadOnlySpan<byte> bytes, IProducer source);

    /// <summary>Passes on that no more bytes will come.</summary>
    void EndSending();

    /// <summary>Ends as the connection has ended.</summary>
    void End(Connection ended);
}
