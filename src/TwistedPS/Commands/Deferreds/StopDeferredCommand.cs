using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Cancels deferreds that have not fired, and the work behind them.</summary>
/// <remarks>
/// The script of Start-Deferred is stopped or does not begin, the -OnCancel of New-Deferred is called, and what a chain waits
/// for is cancelled, too. The deferred then fires with a cancellation as its error, about which nobody is warned, unless
/// -OnCancel has fired it. One that has fired is left as it is, without an error. It outputs nothing.
/// </remarks>
[Cmdlet(VerbsLifecycle.Stop, "Deferred", SupportsShouldProcess = true, HelpUri = Pages + "Stop-Deferred.md")]
public sealed class StopDeferredCommand : TwistedCommand
{
    /// <summary>The deferreds, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    [ShownAs<Deferred>]
    [ArgumentCompleter(typeof(DeferredCompleter))]
    public Alive<Deferred>[] Deferred { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Deferred deferred in this.Find(LiveKinds.Deferreds, Deferred))
        {
            if (deferred.Status == DeferredStatus.Waiting && !deferred.Reactor.IsStopped && ShouldProcess(deferred.ToString()))
                Cancel(deferred);
        }
    }

    private void Cancel(Deferred deferred)
    {
        Task<bool> cancelled = deferred.Reactor.InvokeAsync(() =>
        {
            deferred.Cancel();
            return true;
        });
        WaitFor(HostOf(deferred.Reactor), cancelled, "Cancelling a deferred", "");
    }
}
