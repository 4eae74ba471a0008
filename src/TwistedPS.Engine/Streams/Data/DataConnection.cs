using TwistedPS.Engine.Framing;

namespace TwistedPS;

/// <summary>A connection that carries bytes.</summary>
public sealed class DataConnection : MessageConnection<byte[]>
{
    internal DataConnection(NetworkService owner, int number, DataFormat format, Action<Connection, byte[]> arrived)
        : base(owner, number, format, arrived)
    {
    }
}
