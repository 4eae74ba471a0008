using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops timers; a call in progress has up to -DrainTime to end.</summary>
/// <remarks>
/// No further call begins, and Deferreds for which a call waits are cancelled. It outputs nothing; a timer that has ended
/// already is no error. A handler that can't be interrupted is the error StillStopping.
/// </remarks>
[Cmdlet(VerbsLifecycle.Stop, "ReactorTimer", SupportsShouldProcess = true, HelpUri = Pages + "Stop-ReactorTimer.md")]
public sealed class StopReactorTimerCommand : StopServiceCommand<ReactorTimer>
{
    /// <summary>The timers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<ReactorTimer>]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorTimer>))]
    [AllowEmptyCollection]
    public Alive<ReactorTimer>[] Timer { get; set; } = [];

    private protected override Alive<ReactorTimer>[] Services => Timer;
}
