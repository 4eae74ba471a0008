using System.ComponentModel;
using Newtonsoft.Json;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;

namespace TwistedPS;

/// <summary>A client for a protocol of bytes. Members may be used from any thread.</summary>
[DisplayName("TcpClient")]
public sealed class DataClient : MessageClient<byte[]>
{
    private static int s_lastId;

    internal DataClient(Reactor reactor, ClientOptions options, DataFormat format, IClientHandler? handler)
        : base(reactor, options, format, handler, Interlocked.Increment(ref s_lastId), "OnData")
    {
    }

    /// <summary>The current connection, or the last one; null before the first.</summary>
    [JsonIgnore]
    public new DataConnection? Connection => (DataConnection?)base.Connection;

    /// <summary>Its open connection, or none.</summary>
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

    /// <summary>
    /// Sends a value as a message, as <see cref="MessageClient{TMessage}.Send"/> does: bytes as they are, anything else as its
    /// text, or with <c>-Framing Json</c> as JSON.
    /// </summary>
    /// <exception cref="NotConnectedException">It is neither connected nor connecting.</exception>
    /// <exception cref="SendBufferFullException">More than the limit of unsent bytes waits for the connection.</exception>
    /// <exception cref="InvalidMessageException">The framing can't carry the message.</exception>
    public void Send(object? value) => base.Send(value as byte[] ?? Format.ToMessage(value));

    internal new DataFormat Format => (DataFormat)base.Format;

    private protected override string Kind => "TCP client";

    private protected override Connection CreateConnection(int number) => new DataConnection(Part, number, Format, Arrived);

    private protected override void RaiseReceived(Connection connection, byte[] message) =>
        Raise(nameof(DataReceived), DataReceived, connection, message, static (it, message) => new DataReceivedEventArgs(it, message));
}
