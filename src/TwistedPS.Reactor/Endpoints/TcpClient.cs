namespace TwistedPS;

/// <summary>A client whose protocol is made of bytes. Members may be used from any thread.</summary>
public sealed class TcpClient : MessageClient<byte[]>
{
    private static int s_lastId;

    internal TcpClient(Reactor reactor, ClientOptions options, DataFormat format, IClientHandler? handler)
        : base(reactor, options, format, handler, Interlocked.Increment(ref s_lastId), "OnData")
    {
    }

    /// <summary>The present connection, or the last one; null before the first.</summary>
    public new TcpConnection? Connection => (TcpConnection?)base.Connection;

    /// <summary>Raised on the reactor's thread for what each read has brought, or for each message of a framing.</summary>
    public event EventHandler<DataReceivedEventArgs>? DataReceived;

    /// <summary>Connections that were closed because a message was too long.</summary>
    public new long MessagesTooLong => base.MessagesTooLong;

    /// <summary>Connections that were closed because what came was not framed as it has to be.</summary>
    public new long InvalidMessages => base.InvalidMessages;

    /// <summary>Times that a connection ended in the middle of a message.</summary>
    public new long MessagesCutOff => base.MessagesCutOff;

    private protected override string Kind => "TCP client";

    private protected override Connection CreateConnection(int number) => new TcpConnection(this, number, (DataFormat)Format, Arrived);

    private protected override void RaiseReceived(Connection connection, byte[] message) =>
        Raise(nameof(DataReceived), DataReceived, connection, message, static (it, message) => new DataReceivedEventArgs(it, message));
}
