using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops processes and their descendants: asks them to end, and kills those that do not.</summary>
/// <remarks>
/// On Linux the signal also reaches the descendants of the program, elsewhere the kill alone does. Those that run after the
/// drain time are killed; on Windows all are at once. Output that is still there is handled, and OnExit is called, before it
/// returns. It outputs nothing; a process that has ended already is no error.
/// </remarks>
[Cmdlet(VerbsLifecycle.Stop, "ReactorProcess", SupportsShouldProcess = true, HelpUri = Pages + "Stop-ReactorProcess.md")]
public sealed class StopReactorProcessCommand : StopServiceCommand<ReactorProcess>
{
    /// <summary>The processes, or their numbers or names in this session.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<ReactorProcess>]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorProcess>))]
    [AllowEmptyCollection]
    public Alive<ReactorProcess>[] Process { get; set; } = [];

    /// <summary>
    /// The signal that asks them to end: a name, with or without SIG, or a number. TERM by default, and HUP for those at a terminal,
    /// whose shells ignore TERM. On Windows there is none, and they are killed.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(SignalCompleter))]
    [ValidateNotNull]
    public ProcessSignal? Signal { get; set; }

    /// <summary>Kills them at once.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override Alive<ReactorProcess>[] Services => Process;

    private protected override Task EndAsync(ReactorProcess service) =>
        service.StopAsync(Force ? TimeSpan.Zero : DrainTime, Signal);
}
