using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Services;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Outputs what is in the log, oldest first: of the services given, or of all reactors of this session, where what has ended
/// has its entries too.
/// </summary>
[Cmdlet(VerbsCommon.Get, "ReactorLog")]
[OutputType(typeof(LogEntry))]
public sealed class GetReactorLogCommand : TwistedCommand
{
    private readonly List<LogEntry> _entries = [];

    /// <summary>Servers, clients, timers or processes, or their names.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ServiceTransformation<Service>]
    [ArgumentCompleter(typeof(ServiceCompleter<Service>))]
    [AllowEmptyCollection]
    public Service[]? Service { get; set; }

    /// <summary>Only the last entries.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>Only entries that matter as much or more; all by default.</summary>
    [Parameter]
    public LogLevel Level { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<ReactorLog> logs = Service is null
            ? Session.Hosts.Select(host => host.Reactor.ReactorLog)
            : Service.Select(service => service.ReactorLog);
        _entries.AddRange(logs.SelectMany(log => log.Entries).Where(entry => entry.Level >= Level));
    }

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        WriteObject(_entries.OrderBy(entry => entry.Time).TakeLast(Tail ?? int.MaxValue), enumerateCollection: true);
}
