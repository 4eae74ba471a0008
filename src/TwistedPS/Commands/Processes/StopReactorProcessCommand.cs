using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops processes and their descendants: asks them to end, and kills those that do not.</summary>
[Cmdlet(VerbsLifecycle.Stop, "ReactorProcess", SupportsShouldProcess = true)]
public sealed class StopReactorProcessCommand : StopServiceCommand<ReactorProcess>
{
    /// <summary>The processes, or their numbers or names in this session.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<ReactorProcess>]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorProcess>))]
    [AllowEmptyCollection]
    public Alive<ReactorProcess>[] Process { get; set; } = [];

    /// <summary>
    /// The signal that asks them to end, TERM by default: a name, with or without SIG, or a number. On Windows there is none,
    /// and they are killed.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(SignalCompleter))]
    [ValidateNotNull]
    public ProcessSignal Signal { get; set; } = ProcessSignal.Terminate;

    /// <summary>Kills them at once.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override Alive<ReactorProcess>[] Services => Process;

    private protected override Task EndAsync(ReactorProcess service) =>
        service.StopAsync(Force ? TimeSpan.Zero : DrainTime, Signal);
}
