using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Deferreds;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Fires deferreds with a result or an error (Twisted's callback and errback).</summary>
/// <remarks>
/// Callbacks that can run do so before it returns; it outputs nothing. A deferred fires once: for a second time the error is
/// DeferredAlreadyFired, and with a deferred as the result DeferredAsResult; neither ends the cmdlet. After Stop-Deferred the
/// first call is ignored, as whoever has the result need not know of the cancellation.
/// </remarks>
[Cmdlet(VerbsLifecycle.Complete, "Deferred", DefaultParameterSetName = "Result", HelpUri = Pages + "Complete-Deferred.md")]
public sealed class CompleteDeferredCommand : TwistedCommand
{
    /// <summary>The deferreds, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    [ShownAs<Deferred>]
    [ArgumentCompleter(typeof(DeferredCompleter))]
    public Alive<Deferred>[] Deferred { get; set; } = [];

    /// <summary>The result, any object but a deferred; $null by default.</summary>
    [Parameter(Position = 1, ParameterSetName = "Result")]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Result { get; set; }

    /// <summary>The error: a record, an exception, or a message.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Error")]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ExceptionTransformation]
    [Alias("Exception")]
    public Exception? ErrorRecord { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Deferred deferred in this.Find(LiveKinds.Deferreds, Deferred))
            Complete(deferred);
    }

    private void Complete(Deferred deferred)
    {
        ReactorHost host = HostOf(deferred.Reactor);
        object? result = Result is PSObject { BaseObject: Deferred given } ? given : Result;
        Outcome outcome = ErrorRecord is null ? Outcome.Succeeded(result) : Outcome.Failed(ErrorRecord);
        try
        {
            WaitFor(host, host.Reactor.InvokeAsync(() => deferred.Fire(outcome)), "Firing a deferred", "");
        }
        catch (DeferredAlreadyFiredException e)
        {
            WriteError(Errors.DeferredAlreadyFired(deferred, e));
        }
        catch (ArgumentException e)
        {
            WriteError(Errors.DeferredAsResult(deferred, e));
        }
    }
}
