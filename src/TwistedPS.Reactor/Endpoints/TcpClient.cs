namespace TwistedPS;

/// <summary>A client whose protocol is made of bytes. Members may be used from any thread.</summary>
public sealed class TcpClient : MessageClient<byte[]>
{
    private static int s_lastId;

    internal TcpClient(Reactor reactor, ClientOptions options, RawFormat format, IClientHandler? handler)
        : base(reactor, options, format, handler, Interlocked.Increment(ref s_lastId), "OnData")
    {
    }

    /// <summary>The present connection, or the last one; null before the first.</summary>
    public new TcpConnection? Connection => (TcpConnection?)base.Connection;

    /// <summary>Raised on the reactor's thread for each piece of data.</summary>
    public event EventHandler<DataReceivedEventArgs>? DataReceived;

    private protected override string Kind => "TCP client";

    private protected override Connection CreateConnection(int number) => new TcpConnection(this, number, (RawFormat)Format, Arrived);

    private protected override void RaiseReceived(Connection connection, byte[] message) =>
        Raise(nameof(DataReceived), DataReceived, connection, () => new DataReceivedEventArgs(connection, message));
}
