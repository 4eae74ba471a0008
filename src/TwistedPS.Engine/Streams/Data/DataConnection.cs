using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;

namespace TwistedPS;

/// <summary>A connection that carries bytes.</summary>
public sealed class DataConnection : MessageConnection<byte[]>
{
    internal DataConnection(ServicePart part, int number, DataFormat format, Action<Connection, byte[]> arrived)
        : base(part, number, format, arrived)
    {
    }

    /// <summary>
    /// Sends a value as a message, as <see cref="MessageConnection{TMessage}.Send"/> does: bytes as they are, anything else as
    /// its text, or with <c>-Framing Json</c> as JSON.
    /// </summary>
    /// <exception cref="NotConnectedException">The connection is closed or closing.</exception>
    /// <exception cref="InvalidMessageException">The framing can't carry the message.</exception>
    public void Send(object? value) => base.Send(value as byte[] ?? ((DataFormat)Format).ToMessage(value));
}
