using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
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
    [ArgumentCompleter(typeof(ServiceCompleter<TcpClient>))]
    [Alias("Client", "Group")]
    public object? Connection { get; set; }

    /// <summary>TCP servers: send to all of their connections.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToAll)]
    [ServiceTransformation<TcpServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<TcpServer>))]
    public TcpServer[] Server { get; set; } = [];

    /// <summary>Connections of the server or the group to leave out.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public TcpConnection[]? Except { get; set; }

    /// <summary>What to send: bytes, or anything else as its text.</summary>
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
        // A pipeline takes an array of bytes apart, so they come one by one.
        if (Data is PSObject { BaseObject: byte single })
        {
            _loose.Add(single);
            if (_loose.Count == PieceSize)
                SendLoose();
            return;
        }

        SendLoose();
        if (Data is not null)
            Send(DataOutput.ToBytes(Data, Encoding));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        SendLoose();
        _sender.Finish(Timeout);
        if (EndSending)
            _sender.EndSending();
    }

    private Encoding Encoding => ((RawFormat)(_sender.Format ?? Server[0].Format)).Encoding;

    private void SendLoose()
    {
        if (_loose.Count > 0)
            Send([.. _loose]);
        _loose.Clear();
    }

    private void Send(byte[] data)
    {
        if (_sender.Group is { } group)
            _sender.Broadcast(data, (TcpServer)group.Server, group, Except ?? []);
        else if (ParameterSetName == ToOne)
            _sender.Send(data, Timeout);
        foreach (TcpServer server in Server)
            _sender.Broadcast(data, server, null, Except ?? []);
    }
}
