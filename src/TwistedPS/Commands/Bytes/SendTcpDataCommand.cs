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
    private DataServer[] _servers = [];

    /// <summary>Creates the cmdlet.</summary>
    public SendTcpDataCommand() => _sender = new Sender<byte[]>(this, "Tcp");

    /// <summary>A TCP client, its number or name, or a connection or group of connections of a TCP server.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToOne)]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    [Alias("Client", "Group")]
    public object? Connection { get; set; }

    /// <summary>The TCP servers; all of their connections get the data.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToAll)]
    [ShownAs<DataServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataServer>))]
    public Alive<DataServer>[] Server { get; set; } = [];

    /// <summary>The connections of the server or group to leave out.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public DataConnection[]? Except { get; set; }

    /// <summary>
    /// The data: bytes, or anything else as its text. With a framing, an array of bytes is one message, and so are all bytes
    /// that arrive one by one from a pipeline.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = ToOne)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ToAll)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Data { get; set; }

    /// <summary>Ends sending afterwards (a half-close); receiving goes on.</summary>
    [Parameter(ParameterSetName = ToOne)]
    public SwitchParameter EndSending { get; set; }

    /// <summary>The longest time to wait for a peer that doesn't read; no limit by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _servers = this.Find(Server);
        if (ParameterSetName == ToOne)
            _sender.TryFind(Connection);
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
        : Array.TrueForAll(_servers, server => server.Format is RawFormat);

    private static object? BaseOf(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    private void Add(object? item)
    {
        // A pipeline unrolls an array of bytes, so they arrive one by one.
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
        else if (_sender.Format is { } format && Encode(data, format, Connection!) is { } message)
            _sender.Send(message, Timeout);
        foreach (DataServer server in _servers)
            Broadcast(data, server, null);
    }

    private void Broadcast(object data, DataServer server, ConnectionGroup? group)
    {
        if (Encode(data, server.Format, server) is { } message)
            _sender.Broadcast(message, server, group, Except ?? []);
    }

    /// <returns>The bytes; null if they can't be sent, after an error is written.</returns>
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
