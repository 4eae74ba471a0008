namespace TwistedPS;

/// <summary>A server whose protocol is made of bytes. Members may be used from any thread.</summary>
public sealed class TcpServer : MessageServer<byte[]>
{
    private static int s_lastId;

    internal TcpServer(Reactor reactor, ServerOptions options, RawFormat format, IServerHandler handler)
        : base(reactor, options, format, handler, Interlocked.Increment(ref s_lastId), "OnData")
    {
    }

    /// <summary>Its open connections.</summary>
    public new TcpConnection[] Connections => [.. base.Connections.Cast<TcpConnection>()];

    /// <summary>Raised on the reactor's thread for each piece of data.</summary>
    public event EventHandler<DataReceivedEventArgs>? DataReceived;

    private protected override string Kind => "TCP server";

    private protected override Connection CreateConnection(int number) => new TcpConnection(this, number, (RawFormat)Format, (connection, data) =>
        Raise(nameof(DataReceived), DataReceived, connection, () => new DataReceivedEventArgs(connection, data)));
}
