using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Services;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Outputs the log entries, oldest first, of the given services, or of all reactors of this session, which include the
/// entries of ended services.
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
    private readonly List<LogEntry> _entries = [];

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

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<ReactorLog> logs = Service is null
            ? Session.Hosts.Select(host => host.Reactor.ReactorLog)
            : this.Find(Service).Select(service => service.ReactorLog);
        _entries.AddRange(logs.SelectMany(log => log.Entries).Where(entry => entry.Level >= Level));
    }

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        WriteObject(_entries.OrderBy(entry => entry.Time).TakeLast(Tail ?? int.MaxValue), enumerateCollection: true);
}
