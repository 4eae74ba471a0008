using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until timers have ended: after their last call, or stopped.</summary>
/// <remarks>Outputs each timer, whose Status says whether it has failed. Runs a foreground reactor meanwhile.</remarks>
[Cmdlet(VerbsLifecycle.Wait, "ReactorTimer", HelpUri = Pages + "Wait-ReactorTimer.md")]
[OutputType(typeof(ReactorTimer))]
public sealed class WaitReactorTimerCommand : WaitServiceCommand<ReactorTimer>
{
    /// <summary>The timers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<ReactorTimer>]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorTimer>))]
    [AllowEmptyCollection]
    public Alive<ReactorTimer>[] Timer { get; set; } = [];

    private protected override Alive<ReactorTimer>[] Services => Timer;

    private protected override string Instead => "Go on in its -OnTick instead.";
}
