namespace TwistedPS;

/// <summary>A connection that carries bytes.</summary>
public sealed class TcpConnection : MessageConnection<byte[]>
{
    internal TcpConnection(Endpoint owner, int number, IMessageFormat<byte[]> format, Action<Connection, byte[]> arrived)
        : base(owner, number, format, arrived)
    {
    }
}
