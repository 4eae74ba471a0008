using System.Buffers;
using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Sends bytes to a client's server, to a connection or a group of connections of a server, or to all of them. To those of
/// lines it sends them as they are.
/// </summary>
/// <remarks>
/// <para>Bytes are sent as they are, anything else as its text in the encoding of the connection, without a line end; with a framing
/// each object is a message. What a client sends while it is connecting waits for the connection. It outputs nothing. Without a
/// connection the error is NotConnected, and beyond -Timeout SendTimeout; neither ends the cmdlet. A member of a group or
/// server that does not read is dropped.</para>
/// <para>In the scriptblock of -Conversation it sends to the peer, unless -Connection or -Server says otherwise.</para>
/// </remarks>
[Cmdlet(VerbsCommunications.Send, "TcpData", DefaultParameterSetName = ToOne, HelpUri = Pages + "Send-TcpData.md")]
public sealed class SendTcpDataCommand : TwistedCommand
{
    private const string ToOne = "Connection";
    private const string ToAll = "Server";
    private const string ToPeer = "Conversation";

    private readonly ConversationWork? _conversation = ConversationWork.Current;
    private readonly Sender _sender;
    private readonly DataParts _parts = new();
    private object? _target;
    private Server[] _servers = [];
    private bool _sendsObjects;
    private bool _sendsData;

    /// <summary>Creates the cmdlet.</summary>
    public SendTcpDataCommand() => _sender = new Sender(this);

    /// <summary>
    /// A TCP or line client, its number or name, or a connection or group of connections of a TCP or line server. Where a
    /// number or name is that of both a TCP and a line client, it is the TCP client. In a conversation it is the peer by default.
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = ToOne)]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    [Alias("Client", "Group")]
    public object? Connection { get; set; }

    /// <summary>The TCP or line servers, or their numbers or names; all of their connections get the data.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToAll)]
    [ShownAs<Server>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataServer>))]
    public Alive<Server>[] Server { get; set; } = [];

    /// <summary>The connections of the server or group to leave out; none by default.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public Connection[]? Except { get; set; }

    /// <summary>
    /// The data: bytes, or anything else as its text, sent as they come. With a framing, an array of bytes is one message, and
    /// so are all bytes that arrive one by one from a pipeline. With -Framing Json, each object is one.
    /// </summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ParameterSetName = ToOne)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ToPeer)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ToAll)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Data { get; set; }

    /// <summary>Ends sending afterwards (a half-close); receiving goes on.</summary>
    [Parameter(ParameterSetName = ToOne)]
    public SwitchParameter EndSending { get; set; }

    /// <summary>The longest time to wait for a peer that does not read; no limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _servers = this.Find(Server);
        _conversation?.SendOutput();
        if (ParameterSetName != ToAll)
            FindTarget();
        if (_sender.IsRefused)
            return;
        NetworkService[] targets = ParameterSetName == ToAll ? _servers : [_sender.Owner];
        _sendsObjects = Array.Exists(targets, IsOfObjects);
        _sendsData = !Array.TrueForAll(targets, IsOfObjects);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_sender.IsRefused)
            return;
        if (_sendsObjects)
            SendObjects();
        if (_sendsData)
            SendData();
        _sender.SendAsItComes();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_sender.IsRefused)
            return;
        Send(_parts.End());
        _sender.Finish(Timeout);
        if (EndSending)
            _sender.EndSending(Except ?? []);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _parts.Dispose();
        base.Dispose(disposing);
    }

    private bool IsDataAlone => !MyInvocation.ExpectingInput && !MyInvocation.BoundParameters.ContainsKey(nameof(Data));

    private void FindTarget()
    {
        if (IsDataAlone)
            (Data, _target) = (_sender.ForPeer(Connection, nameof(Data)), _conversation!.Connection);
        else
            _target = Connection ?? _conversation?.Connection;
        if (!_sender.TryFind(_target, IsOfData) && !_sender.TryFind(_target, _ => true))
            _sender.Refuse(_target, "Tcp");
    }

    private bool IsRaw => ParameterSetName == ToAll
        ? Array.TrueForAll(_servers, server => FormatOf(server) is null or RawFormat)
        : FormatOf(_sender.Owner) is null or RawFormat;

    private static bool IsOfData(NetworkService owner) => FormatOf(owner) is not null;

    private static DataFormat? FormatOf(NetworkService owner) => owner switch
    {
        DataServer server => server.Format,
        DataClient client => client.Format,
        _ => null,
    };

    private static object? BaseOf(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    private static bool IsOfObjects(NetworkService owner) => FormatOf(owner) is JsonFormat;

    private void SendData()
    {
        if (BaseOf(Data) is object[] many)
            Send([.. many.SelectMany(_parts.Add), .. _parts.End()]);
        else
            Add(Data);
    }

    private void Add(object? item)
    {
        if (BaseOf(item) is byte single && IsRaw)
        {
            Send(_parts.End());
            SendAsItComes(single);
            return;
        }

        Send(_parts.Add(item));
    }

    // A pipeline unrolls an array of bytes, so they come one by one.
    private void SendAsItComes(byte single)
    {
        if (ParameterSetName == ToAll || _sender.Group is not null)
        {
            Send([new[] { single }]);
            return;
        }

        _sender.Send(single, CountOf(_sender.Owner), Timeout);
    }

    private void Send(IEnumerable<object> parts)
    {
        foreach (object part in parts)
            Send(part, areObjects: false);
    }

    private void SendObjects()
    {
        foreach (object? item in BaseOf(Data) as object?[] ?? [Data])
        {
            if (item is not null)
                Send(item, areObjects: true);
        }
    }

    /// <summary>Sends a part of the data, or an object, to those that get the one or the other.</summary>
    private void Send(object part, bool areObjects)
    {
        if (ParameterSetName == ToAll)
            Array.ForEach(Array.FindAll(_servers, server => IsOfObjects(server) == areObjects), server => Broadcast(part, server, null));
        else if (IsOfObjects(_sender.Owner) != areObjects)
            return;
        else if (_sender.Group is { } group)
            Broadcast(part, group.Server, group);
        else if (Encode(part, _sender.Owner, _target!) is { } bytes)
            _sender.Send(bytes, CountOf(_sender.Owner), Timeout);
    }

    private void Broadcast(object part, Server server, ConnectionGroup? group)
    {
        if (Encode(part, server, server) is { } bytes)
            _sender.Broadcast(bytes, CountOf(server), server, group, Except ?? []);
    }

    /// <summary>Bytes among lines are no message.</summary>
    private static int CountOf(NetworkService owner) => IsOfData(owner) ? 1 : 0;

    /// <returns>What is sent; null if it can't be, after an error is written.</returns>
    private byte[]? Encode(object part, NetworkService owner, object target)
    {
        byte[] message = FormatOf(owner) is JsonFormat json ? json.ToLine(part) : DataOutput.Encode(part, owner.Encoding);
        if (FormatOf(owner) is not { } format)
            return message;
        if (format.Refuse(message) is { } error)
        {
            WriteError(Errors.MessageRefused(error, target));
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        format.Write(buffer, message);
        return buffer.WrittenSpan.ToArray();
    }
}
