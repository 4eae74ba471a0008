using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Sends lines to a client's server, to a connection of a server, or to all of them.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "Line", DefaultParameterSetName = ToOne)]
[OutputType(typeof(string))]
public sealed class SendLineCommand : LineReceivingCommand
{
    private const string ToOne = "Connection";
    private const string ToAll = "Server";
    private const int LinesUnderWay = 1000;

    private Task _lastSent = Task.CompletedTask;
    private int _underWay;
    private LineClient? _client;
    private LineConnection? _connection;

    /// <summary>A line client, its number or name, or a connection of a line server.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToOne)]
    [ArgumentCompleter(typeof(LineClientCompleter))]
    [Alias("Client")]
    public object? Connection { get; set; }

    /// <summary>A line server: send to all of its connections.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToAll)]
    [LineServerTransformation]
    [ArgumentCompleter(typeof(LineServerCompleter))]
    public LineServer[] Server { get; set; } = [];

    /// <summary>With -Server: connections to leave out.</summary>
    [Parameter(ParameterSetName = ToAll)]
    [AllowNull]
    [AllowEmptyCollection]
    public LineConnection[]? Except { get; set; }

    /// <summary>What to send: a line for each object, converted to text; text with line breaks becomes several.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = ToOne)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ToAll)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object?[]? Line { get; set; }

    /// <summary>After each line, output the reply, or as many lines as -Count or -Until says.</summary>
    [Parameter(ParameterSetName = ToOne)]
    public SwitchParameter Receive { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (ParameterSetName == ToOne)
            FindTarget(Connection is PSObject wrapped ? wrapped.BaseObject : Connection);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object? item in Line ?? [])
        {
            if (item is null)
                continue;
            string text = LanguagePrimitives.ConvertTo<string>(item);
            if (ParameterSetName == ToAll)
                Broadcast(text);
            else
                Send(text);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        WaitUntilSent();
        IEnumerable<Reactor> reactors = ParameterSetName == ToAll
            ? Server.Select(server => server.Reactor)
            : [_client?.Reactor ?? _connection!.Owner.Reactor];
        foreach (Reactor reactor in reactors.Distinct())
            LetHandlersRun(reactor);
    }

    private void FindTarget(object? target)
    {
        _client = target as LineClient ?? FindClient(target);
        _connection = target as LineConnection;
        if (_client is null && _connection is null)
            ThrowTerminatingError(Errors.CanNotSendTo(target));
        if (Receive && _client is null)
            ThrowTerminatingError(Errors.CanNotSendTo(target));
        if (Receive && _client!.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(MyInvocation.MyCommand.Name, "Give the client an -OnLine handler instead."));
    }

    private LineClient? FindClient(object? identity) => identity is LineConnection or null
        ? null
        : Session.Alive<LineClient>().FirstOrDefault(client =>
            LanguagePrimitives.Equals(client.Id, identity)
            || string.Equals(client.Name, $"{identity}", StringComparison.OrdinalIgnoreCase));

    private void Broadcast(string text)
    {
        foreach (LineServer server in Server)
        {
            if (server.Status == ServerStatus.Running)
                server.Broadcast(text, Except ?? []);
            else
                WriteError(Errors.ServerStopped(server));
        }
    }

    private void Send(string text)
    {
        // The client is asked each time: it may have been connected anew.
        LineConnection? connection = _client is null ? _connection : _client.Connection;
        if (connection is null)
        {
            WriteError(Errors.NotConnected(_client!, $"The {_client} is not connected."));
            return;
        }

        if (connection.Owner.Reactor.IsCurrent)
        {
            if (!connection.Write(text))
                WriteError(Errors.NotConnected(connection, $"The connection {connection} is closed."));
            return;
        }

        _connection = connection;
        _lastSent = connection.SendAsync(text);
        if (Receive)
        {
            if (WaitUntilSent())
                ReceiveLines(_client!);
        }
        else if (++_underWay >= LinesUnderWay)
        {
            WaitUntilSent();
        }
    }

    /// <summary>Lines are sent in order, so the last one's end is everyone's.</summary>
    private bool WaitUntilSent()
    {
        Task sent = _lastSent;
        (_lastSent, _underWay) = (Task.CompletedTask, 0);
        if (ParameterSetName == ToAll || _connection is null || sent.IsCompletedSuccessfully)
            return true;
        Endpoint owner = _connection.Owner;
        if (!owner.Reactor.IsStopped && !WaitFor(HostOf(owner.Reactor), sent, Timeout, $"Sending to {_connection}", ""))
        {
            WriteError(Errors.SendTimeout(_connection, Timeout!.Value));
            return false;
        }

        if (sent.IsCompletedSuccessfully)
            return true;
        string message = sent.Exception?.InnerException?.Message ?? $"Reactor {owner.Reactor.Id} has stopped.";
        WriteError(Errors.NotConnected(_connection, message));
        return false;
    }

    /// <summary>On a foreground reactor nobody else runs the handlers that the lines are for.</summary>
    private void LetHandlersRun(Reactor reactor)
    {
        if (!reactor.IsStopped && !reactor.IsRunning && HostOf(reactor) is ForegroundReactor foreground)
            foreground.RunUntilIdle(this, CancelToken);
    }
}
