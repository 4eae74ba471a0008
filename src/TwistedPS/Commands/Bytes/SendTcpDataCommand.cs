using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Sends bytes to a client's server, to a connection or a group of connections of a server, or to all of them.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "TcpData", DefaultParameterSetName = ToOne)]
public sealed class SendTcpDataCommand : TwistedCommand
{
    private const string ToOne = "Connection";
    private const string ToAll = "Server";
    private const int PieceSize = 65536;

    private readonly Sender<byte[]> _sender;
    private readonly List<byte> _loose = [];

    /// <summary>Makes the cmdlet.</summary>
    public SendTcpDataCommand() => _sender = new Sender<byte[]>(this);

    /// <summary>A TCP client, its number or name, a connection of a TCP server, or one of its groups.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToOne)]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    [Alias("Client", "Group")]
    public object? Connection { get; set; }

    /// <summary>TCP servers: send to all of their connections.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToAll)]
    [ServiceTransformation<DataServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataServer>))]
    public DataServer[] Server { get; set; } = [];

    /// <summary>Connections of the server or the group to leave out.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public DataConnection[]? Except { get; set; }

    /// <summary>
    /// What to send: bytes, or anything else as its text. With a framing an array of bytes is a message, as are all bytes
    /// that a pipeline brings one by one.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = ToOne)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ToAll)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Data { get; set; }

    /// <summary>Say afterwards that nothing more will be sent; receiving goes on.</summary>
    [Parameter(ParameterSetName = ToOne)]
    public SwitchParameter EndSending { get; set; }

    /// <summary>How long to wait for a peer that doesn't read; without limit by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (ParameterSetName == ToOne && !_sender.TryFind(Connection))
            ThrowTerminatingError(Errors.CanNotSendTo(Connection, "TCP"));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (BaseOf(Data) is not object[] many)
        {
            Add(Data);
            return;
        }

        foreach (object? item in many)
            Add(item);
        SendLoose();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        SendLoose();
        _sender.Finish(Timeout);
        if (EndSending)
            _sender.EndSending(Except ?? []);
    }

    private bool IsRaw => ParameterSetName == ToOne
        ? _sender.Format is RawFormat
        : Array.TrueForAll(Server, server => server.Format is RawFormat);

    private static object? BaseOf(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    private void Add(object? item)
    {
        // A pipeline takes an array of bytes apart, so they come one by one.
        if (BaseOf(item) is byte single)
        {
            _loose.Add(single);
            if (_loose.Count >= PieceSize && IsRaw)
                SendLoose();
            return;
        }

        SendLoose();
        if (item is not null)
            Send(item);
    }

    private void SendLoose()
    {
        if (_loose.Count > 0)
            Send(_loose.ToArray());
        _loose.Clear();
    }

    private void Send(object data)
    {
        if (_sender.Group is { Server: DataServer owner } group)
            Broadcast(data, owner, group);
        else if (ParameterSetName == ToOne && Encode(data, _sender.Format!, Connection!) is { } message)
            _sender.Send(message, Timeout);
        foreach (DataServer server in Server)
            Broadcast(data, server, null);
    }

    private void Broadcast(object data, DataServer server, ConnectionGroup? group)
    {
        if (Encode(data, server.Format, server) is { } message)
            _sender.Broadcast(message, server, group, Except ?? []);
    }

    /// <returns>Null if it can't be sent; an error was written.</returns>
    private byte[]? Encode(object data, IMessageFormat<byte[]> format, object target)
    {
        byte[] message = DataOutput.ToBytes(data, ((DataFormat)format).Encoding);
        try
        {
            format.Check(message);
            return message;
        }
        catch (MessageTooLongException e)
        {
            WriteError(Errors.MessageTooLong(e, target));
            return null;
        }
    }
}
