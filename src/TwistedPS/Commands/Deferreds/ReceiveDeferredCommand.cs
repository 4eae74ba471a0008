using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Outputs the results of deferreds, or writes their errors.</summary>
/// <remarks>
/// A result that is an array is output item by item. An error is written with its own id, category and target, does not end the
/// cmdlet, and counts as handled. Without -Wait a deferred that has not fired outputs nothing; beyond -Timeout the error is
/// ReceiveTimeout, and the deferred can be received later.
/// </remarks>
[Cmdlet(VerbsCommunications.Receive, "Deferred", HelpUri = Pages + "Receive-Deferred.md")]
public sealed class ReceiveDeferredCommand : TwistedCommand
{
    /// <summary>The deferreds, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    [ShownAs<Deferred>]
    [ArgumentCompleter(typeof(DeferredCompleter))]
    public Alive<Deferred>[] Deferred { get; set; } = [];

    /// <summary>Waits for deferreds that have not fired; without it, they output nothing.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>The longest time to wait for each; it implies -Wait. No limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Deferred deferred in this.Find(LiveKinds.Deferreds, Deferred))
            Receive(deferred);
    }

    private void Receive(Deferred deferred)
    {
        if ((Wait || Timeout is not null) && !WaitForFiring([deferred], deferred.Fired, Timeout))
        {
            WriteError(Errors.ReceiveTimeout(deferred, Timeout!.Value, 0));
            return;
        }

        if (deferred.Status == DeferredStatus.Waiting)
        {
            if (deferred.Reactor.IsStopped)
                WriteError(Errors.ReactorStopped(deferred.Reactor));
            return;
        }

        deferred.MarkHandled();
        if (deferred.Error is { } error)
            WriteError(Errors.RecordOf(error));
        else
            WriteObject(deferred.Result, enumerateCollection: deferred.Result is object[]);
    }
}
