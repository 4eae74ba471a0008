using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>
/// Sends lines to a client's server, to a connection or a group of connections of a server, or to all of them.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "Line", DefaultParameterSetName = ToOne)]
[OutputType(typeof(string))]
public sealed class SendLineCommand : LineReceivingCommand
{
    private const string ToOne = "Connection";
    private const string ToAll = "Server";

    private readonly Sender<string> _sender;
    private LineServer[] _servers = [];

    /// <summary>Creates the cmdlet.</summary>
    public SendLineCommand() => _sender = new Sender<string>(this, "Line");

    /// <summary>A line client, its number or name, or a connection or group of connections of a line server.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToOne)]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    [Alias("Client", "Group")]
    public object? Connection { get; set; }

    /// <summary>The line servers; all of their connections get the lines.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToAll)]
    [ShownAs<LineServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineServer>))]
    public Alive<LineServer>[] Server { get; set; } = [];

    /// <summary>The connections of the server or group to leave out.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public LineConnection[]? Except { get; set; }

    /// <summary>
    /// The objects to send, each converted to text as a line; text with line breaks becomes several lines.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = ToOne)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ToAll)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object?[]? Line { get; set; }

    /// <summary>Outputs the reply to each line: one line, or as many as -Count or -Until says.</summary>
    [Parameter(ParameterSetName = ToOne)]
    public SwitchParameter Receive { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _servers = this.Find(Server);
        if (ParameterSetName == ToAll || !_sender.TryFind(Connection))
            return;
        if (Receive && _sender.Client is null)
            ThrowTerminatingError(Errors.CanNotSendTo(Connection, "Line"));
        if (Receive && _sender.Client!.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, Instead));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object? item in Line ?? [])
        {
            if (item is not null)
                Send(LanguagePrimitives.ConvertTo<string>(item));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _sender.Finish(Timeout);

    private void Send(string text)
    {
        if (_sender.Group is { } group)
            _sender.Broadcast(text, (LineServer)group.Server, group, Except ?? []);
        else if (ParameterSetName == ToOne && _sender.Send(text, Timeout) && Receive && _sender.WaitUntilSent(Timeout))
            ReceiveLines((LineClient)_sender.Client!);
        foreach (LineServer server in _servers)
            _sender.Broadcast(text, server, null, Except ?? []);
    }
}
