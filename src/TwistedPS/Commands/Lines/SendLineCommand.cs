using System.Buffers;
using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Sends lines to a client's server, to a connection or a group of connections of a server, or to all of them.
/// </summary>
/// <remarks>
/// <para>Each object is converted to text as PowerShell does and sent with the end of a line. To a client the cmdlet waits
/// while its server does not read, up to -Timeout, and for a connection that is still being made. To a server or a group it
/// does not wait: a peer that does not read is dropped.</para>
/// <para>With -Receive the reply to each line is output before the next one is sent: one line, or as many as -Count or -Until
/// says. In a handler nothing waits, and lines go out in the order in which the handler writes them.</para>
/// <para>In the scriptblock of Start-LineServer -Conversation it sends to the peer, unless -Connection or -Server says otherwise.</para>
/// </remarks>
[Cmdlet(VerbsCommunications.Send, "Line", DefaultParameterSetName = ToOne, HelpUri = Pages + "Send-Line.md")]
[OutputType(typeof(string))]
public sealed class SendLineCommand : LineReceivingCommand
{
    private const string ToOne = "Connection";
    private const string ToAll = "Server";
    private const string ToPeer = "Conversation";

    private readonly ConversationWork? _conversation = ConversationWork.Current;
    private readonly Sender _sender;
    private Rendering? _rendering;
    private object? _target;
    private LineServer[] _servers = [];

    /// <summary>Creates the cmdlet.</summary>
    public SendLineCommand() => _sender = new Sender(this);

    /// <summary>
    /// A line client, its number or name, or a connection or group of connections of a line server; in a conversation its peer by default.
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = ToOne)]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    [Alias("Client", "Group")]
    public object? Connection { get; set; }

    /// <summary>The line servers; all of their connections get the lines.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToAll)]
    [ShownAs<LineServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineServer>))]
    public Alive<LineServer>[] Server { get; set; } = [];

    /// <summary>The connections of the server or group to leave out; none by default.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public LineConnection[]? Except { get; set; }

    /// <summary>
    /// The objects to send, each converted to text as a line. Text with line breaks becomes several lines where the
    /// delimiter is LF or CRLF; otherwise it is sent as it is, and must not have the delimiter in it.
    /// </summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ParameterSetName = ToOne)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ToPeer)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ToAll)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object?[]? Line { get; set; }

    /// <summary>Sends the text exactly as it is, without a delimiter: a prompt, or a part of a message.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>Outputs the reply to each line: one line, or as many as -Count or -Until says.</summary>
    [Parameter(ParameterSetName = ToOne)]
    public SwitchParameter Receive { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _rendering = NoNewline ? Rendering.AsText() : Rendering.AsLines();
        _servers = this.Find(Server);
        _conversation?.SendOutput();
        if (ParameterSetName == ToAll)
            return;
        _target = IsLineAlone ? AcceptAsLine() : Connection ?? _conversation?.Connection;
        if (!_sender.TryFind(_target, owner => owner is LineServer or LineClient))
        {
            _sender.Refuse(_target, "Line");
            return;
        }

        if (Receive && _sender.Client is null && !IsToPeer)
            ThrowTerminatingError(Errors.CanNotSendTo(_target, "Line"));
        if (Receive && _sender.Owner.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, Instead));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_sender.IsRefused)
            return;
        foreach (object? item in Line ?? [])
            Send(_rendering!.TextsOf(item));
        _sender.SendAsItComes();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_sender.IsRefused)
            return;
        Send(_rendering!.End());
        _sender.Finish(Timeout);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _rendering?.Dispose();
        base.Dispose(disposing);
    }

    private void Send(IEnumerable<string> texts)
    {
        foreach (string text in texts)
            Send(text);
    }

    private void Send(string text)
    {
        if (_sender.Group is { } group)
            Broadcast(text, (LineServer)group.Server, group);
        else if (ParameterSetName != ToAll)
            SendAndReceive(text);
        foreach (LineServer server in _servers)
            Broadcast(text, server, null);
    }

    private bool IsLineAlone => Line is null && !MyInvocation.ExpectingInput && !MyInvocation.BoundParameters.ContainsKey(nameof(Line));

    /// <summary>Has the only argument be a line for the peer of the conversation.</summary>
    private Connection AcceptAsLine()
    {
        Line = LanguagePrimitives.ConvertTo<object?[]>(_sender.ForPeer(Connection, nameof(Line)));
        return _conversation!.Connection;
    }

    private bool IsToPeer => _conversation is not null && _sender.Peer == _conversation.Connection;

    private void SendAndReceive(string text)
    {
        // Got before the send, since no reply comes from another connection.
        IMessageSource<string>? replies = !Receive ? null
            : _sender.Client is LineClient client ? client.Replies
            : _conversation!.SourceOf<string>();
        if (!SendToOne(text) || replies is null || !_sender.WaitUntilSent(Timeout))
            return;
        _conversation?.SendOutput();
        ReceiveLines(replies);
    }

    private bool SendToOne(string text) =>
        TryEncode(text, _sender.Owner, _target!, out ReadOnlyMemory<byte> bytes, out int count) && _sender.Send(bytes, count, Timeout);

    private void Broadcast(string text, LineServer server, ConnectionGroup? group)
    {
        if (TryEncode(text, server, server, out ReadOnlyMemory<byte> bytes, out int count))
            _sender.Broadcast(bytes, count, server, group, Except ?? []);
    }

    /// <returns>False if the text can't be sent, after an error is written.</returns>
    private bool TryEncode(string text, NetworkService owner, object target, out ReadOnlyMemory<byte> bytes, out int count)
    {
        (bytes, count) = (default, 0);
        if (NoNewline)
        {
            bytes = owner.Encoding.GetBytes(text);
            return true;
        }

        LineFormat format = owner is LineServer server ? server.Format : ((LineClient)owner).Format;
        if (format.Refuse(text) is { } error)
        {
            WriteError(Errors.MessageRefused(error, target));
            return false;
        }

        var buffer = new ArrayBufferWriter<byte>();
        count = format.Write(buffer, text);
        bytes = buffer.WrittenMemory;
        return true;
    }
}
