using System.Management.Automation;
using System.Threading.Channels;
using TwistedPS.Cars;
using TwistedPS.Completers;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Inquiries;
using TwistedPS.Engine.Services;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Asks servers for their cars, many at once, and outputs the cars of each as soon as all of them have arrived.
/// </summary>
/// <remarks>
/// A server answers each connection with its cars and closes it: records such as 97264836:peugeot:red, time, brand and color,
/// with a point between two. A server that can't be reached, takes too long, or whose reply is cut off or too long is one error
/// with its address as the target, which does not end the cmdlet; its cars are discarded, those of the others are output. A
/// record that is no car is an error of its own, MalformedCar.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "RemoteCars", HelpUri = Pages + "Get-RemoteCars.md")]
[OutputType(typeof(RemoteCar))]
public sealed class GetRemoteCarsCommand : TwistedCommand
{
    private const int DefaultPort = 8000;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    private readonly Channel<Task<Reply>> _replies = Channel.CreateUnbounded<Task<Reply>>();
    private readonly CancellationTokenSource _giveUp = new();
    private ReactorHost? _host;
    private ReactorLog _log = null!;
    private int _servers;
    private int _asking;
    private int _answered;
    private bool _isAllInput;
    private bool _isShown;
    private long _cars;

    /// <summary>
    /// The servers: <c>host</c>, <c>host:port</c>, an IPv6 address, or one in brackets with a port, or <c>unix:</c> and the path
    /// of a UNIX socket. A server given twice is asked twice.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(HostCompleter))]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[] ComputerName { get; set; } = [];

    /// <summary>The port of servers given without one; 8000 by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PortTransformation(WhenEmpty = DefaultPort)]
    [ArgumentCompleter(typeof(PortCompleter))]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = DefaultPort;

    /// <summary>The time limit for each server, from connecting to the last of its cars; 10 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest reply of a server in bytes; a longer one is an error. 16 MiB by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxReplyLength { get; set; } = 16 * 1024 * 1024;

    /// <summary>The number of servers to ask at once; 32 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>The reactor to run on; by default the session's own, or in a handler the one that runs it.</summary>
    [Parameter]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>? Reactor { get; set; }

    /// <summary>The file to which a log is appended, a line for each event; none by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>Whether no more servers come from a pipeline.</summary>
    private bool IsTotalKnown => _isAllInput || !MyInvocation.ExpectingInput;

    private string Activity => IsTotalKnown
        ? $"Getting cars: {_answered} of {_servers} servers have answered"
        : $"Getting cars: {_answered} servers have answered, of {_servers} so far";

    private protected override int? PercentComplete => IsTotalKnown && _servers > 1 ? 100 * _answered / _servers : null;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (FindHost(Reactor) is not { } host)
            return;
        _host = host;
        if (_host.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, "Call it in Start-Deferred instead."));
        _log = new ReactorLog(_host.Reactor.TimeProvider, "RemoteCars");
        OpenLog(_log, LogPath);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_host is null)
            return;
        _servers += ComputerName.Length;
        foreach (string text in ComputerName)
        {
            if (HostAddress.TryParse(text, Port, out HostAddress? server))
                Ask(server.IsPath ? server with { Host = this.FullPath(server.Host) } : server);
            else
                Refuse(text);
        }

        WriteReplies();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_host is null)
            return;
        _isAllInput = true;
        while (_asking > 0)
            WaitForReply();
        if (_isShown)
            Draw(ShowProgress);
        _log.Add(LogLevel.Information, $"Done: {_cars} cars");
        WaitFor(_host, _log.Written, null, "Writing the log", "");
        foreach (LogEntry failure in _log.Entries.Where(entry => entry.Level == LogLevel.Error))
            WriteWarning(failure.Message);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();
        _giveUp.Cancel();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // A later command in the pipeline may have ended it.
            _giveUp.Cancel();
            _giveUp.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Ask(HostAddress server)
    {
        while (_asking == ThrottleLimit)
            WaitForReply();
        _asking++;
        AskInTimeAsync(server).ContinueWith(answered => _replies.Writer.TryWrite(answered), TaskScheduler.Default);
    }

    // A reactor that is held by a handler notices neither the reply nor the end of the time.
    private async Task<Reply> AskInTimeAsync(HostAddress server)
    {
        Task<Reply> reply = CarQuery.AskAsync(_host!.Reactor, server, Timeout, MaxReplyLength, _log, _giveUp.Token);
        Task limit = Task.Delay(Timeout < s_longest ? Timeout + s_grace : s_longest, _giveUp.Token);
        return await Task.WhenAny(reply, limit).ConfigureAwait(false) == reply || limit.IsCanceled
            ? await reply.ConfigureAwait(false)
            : new Reply(server, [], CloseReason.TimedOut);
    }

    private void Refuse(string text)
    {
        _answered++;
        ErrorRecord error = Errors.InvalidAddress(text);
        _log.Add(LogLevel.Warning, $"Failed: {error}");
        Draw(() => WriteError(error));
    }

    private void WaitForReply()
    {
        WaitFor(_host!, _replies.Reader.WaitToReadAsync().AsTask(), null, Activity, "");
        WriteReplies();
    }

    private void WriteReplies()
    {
        while (_replies.Reader.TryRead(out Task<Reply>? answered))
        {
            _asking--;
            _answered++;
            Draw(ShowProgress);
            Draw(() => Write(answered.GetAwaiter().GetResult()));
        }
    }

    private void Write(Reply reply)
    {
        if (!reply.IsWhole)
        {
            WriteError(Errors.CarsNotReceived(reply, Timeout, MaxReplyLength));
            return;
        }

        if (!reply.Server.IsPath)
            Session.KnownHosts.Add(reply.Server.Host);
        foreach (string record in reply.Records)
        {
            if (RemoteCar.TryParse(record, reply.Server, out RemoteCar? car))
                Write(car);
            else
                WriteError(Errors.MalformedCar(record, reply.Server));
        }
    }

    private void Write(RemoteCar car)
    {
        _cars++;
        WriteObject(car);
    }

    private void ShowProgress()
    {
        if (_servers == 1)
            return;
        _isShown = !IsTotalKnown || _answered < _servers;
        WriteProgress(new ProgressRecord(0, Activity, "Ctrl+C ends it")
        {
            PercentComplete = PercentComplete ?? UnknownPercentage,
            RecordType = _isShown ? ProgressRecordType.Processing : ProgressRecordType.Completed,
        });
    }
}
