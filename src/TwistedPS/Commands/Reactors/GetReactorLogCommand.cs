using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Services;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Outputs the log entries, oldest first, of the given services, or of all reactors of this session, which include the
/// entries of ended services. With -Follow it goes on with those that come.
/// </summary>
/// <remarks>
/// Each entry has a Time, a Level, a Source (name, number and address, as far as there are) and a Message. A log keeps its last
/// 1000 entries; -LogPath of the cmdlets that start something writes all to a file. A name or number that nothing has is an
/// error, ServiceNotFound, which does not end the cmdlet.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "ReactorLog", HelpUri = Pages + "Get-ReactorLog.md")]
[OutputType(typeof(LogEntry))]
public sealed class GetReactorLogCommand : TwistedCommand
{
    private readonly LogFollower _log = new();
    private readonly HashSet<Reactor> _reactors = [];
    private readonly List<Task> _ends = [];

    /// <summary>
    /// The servers, clients, timers or processes, or their numbers or names; the logs of all reactors by default.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ShownAs<Service>]
    [ArgumentCompleter(typeof(ServiceCompleter<Service>))]
    [AllowEmptyCollection]
    [ValidateNotNull]
    public Alive<Service>[]? Service { get; set; }

    /// <summary>The number of last entries to output; all by default.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>The lowest level of the entries to output: Debug, Information, Warning or Error; all by default.</summary>
    [Parameter]
    public LogLevel Level { get; set; }

    /// <summary>
    /// Goes on with each further entry, until what it is about has ended or Ctrl+C is pressed. Nothing is left out in between.
    /// </summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Follow && Session.CurrentHost is not null)
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, "Leave out -Follow in a handler."));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Service is not null)
        {
            foreach (Service service in this.Find(Service))
                Add(service.Reactor, service.ReactorLog, service.Completion);
            return;
        }

        foreach (Reactor reactor in Session.Hosts.Select(host => host.Reactor))
            Add(reactor, reactor.ReactorLog, reactor.Completion);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Follow)
            _ = Task.WhenAll(_ends).ContinueWith(_ => _log.End(), TaskScheduler.Default);
        else
            _log.End();
        WriteObject(_log.ReadPast().Where(IsWanted).TakeLast(Tail ?? int.MaxValue), enumerateCollection: true);
        if (Follow)
            WriteComing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _log.Dispose();
        base.Dispose(disposing);
    }

    private void Add(Reactor reactor, ReactorLog log, Task end)
    {
        _log.Add(log);
        _reactors.Add(reactor);
        _ends.Add(end);
    }

    private void WriteComing()
    {
        Task<bool> more;
        do
        {
            while (_log.TryRead(out LogEntry? entry))
            {
                if (IsWanted(entry))
                    WriteObject(entry);
            }

            more = _log.WaitAsync();
            this.Wait(_reactors, more);
        }
        while (more.Result);
    }

    private bool IsWanted(LogEntry entry) => entry.Level >= Level;
}
