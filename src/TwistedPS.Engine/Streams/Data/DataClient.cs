using System.ComponentModel;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;

namespace TwistedPS;

/// <summary>A client whose protocol is made of bytes. Members may be used from any thread.</summary>
[DisplayName("TcpClient")]
public sealed class DataClient : MessageClient<byte[]>
{
    private static int s_lastId;

    internal DataClient(Reactor reactor, ClientOptions options, DataFormat format, IClientHandler? handler)
        : base(reactor, options, format, handler, Interlocked.Increment(ref s_lastId), "OnData")
    {
    }

    /// <summary>The present connection, or the last one; null before the first.</summary>
    public new DataConnection? Connection => (DataConnection?)base.Connection;

    /// <summary>Raised on the reactor's thread for what each read has brought, or for each message of a framing.</summary>
    public event EventHandler<DataReceivedEventArgs>? DataReceived;

    /// <summary>Connections that were closed because a message was too long.</summary>
    public new long MessagesTooLong => base.MessagesTooLong;

    /// <summary>Connections that were closed because what came was not framed as it has to be.</summary>
    public new long InvalidMessages => base.InvalidMessages;

    /// <summary>Times that a connection ended in the middle of a message.</summary>
    public new long MessagesCutOff => base.MessagesCutOff;

    private protected override string Kind => "TCP client";

    private protected override Connection CreateConnection(int number) => new DataConnection(this, number, (DataFormat)Format, Arrived);

    private protected override void RaiseReceived(Connection connection, byte[] message) =>
        Raise(nameof(DataReceived), DataReceived, connection, message, static (it, message) => new DataReceivedEventArgs(it, message));
}
