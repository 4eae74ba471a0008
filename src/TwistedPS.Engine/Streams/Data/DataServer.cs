using System.ComponentModel;
using Newtonsoft.Json;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;

namespace TwistedPS;

/// <summary>A server for a protocol of bytes. Members may be used from any thread.</summary>
[DisplayName("TcpServer")]
public sealed class DataServer : MessageServer<byte[]>
{
    private static int s_lastId;

    internal DataServer(Reactor reactor, ServerOptions options, DataFormat format, IServerHandler handler)
        : base(reactor, options, format, handler, Interlocked.Increment(ref s_lastId), "OnData")
    {
    }

    /// <summary>Its open connections.</summary>
    [JsonIgnore]
    public new DataConnection[] Connections => [.. base.Connections.Cast<DataConnection>()];

    /// <summary>Raised on the reactor's thread for the data of each read, or for each message of a framing.</summary>
    public event EventHandler<DataReceivedEventArgs>? DataReceived;

    /// <summary>The number of connections closed because a message was too long.</summary>
    public new long MessagesTooLong => base.MessagesTooLong;

    /// <summary>The number of connections closed because of invalid framing.</summary>
    public new long InvalidMessages => base.InvalidMessages;

    /// <summary>The number of connections that ended in the middle of a message.</summary>
    public new long MessagesCutOff => base.MessagesCutOff;

    internal new DataFormat Format => (DataFormat)base.Format;

    private protected override string Kind => "TCP server";

    private protected override byte[] ToMessage(string text) => Encoding.GetBytes(text);

    private protected override Connection CreateConnection(ServicePart part, int number) => new DataConnection(part, number, Format, (connection, data) =>
        Raise(nameof(DataReceived), DataReceived, connection, data, static (it, data) => new DataReceivedEventArgs(it, data)));
}
