using System.Management.Automation;
using TwistedPS.Engine.Services;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Runs a scriptblock that may block beside the reactor, and outputs a deferred for its output (Twisted's deferToThread).
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "Deferred")]
[OutputType(typeof(Deferred))]
public sealed class StartDeferredCommand : DeferredCommand
{
    /// <summary>What to run, in a runspace of a pool; $using: brings variables along.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>Arguments for the scriptblock.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>How many may run at once in this session from now on; 10 by default. The others wait for their turn.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int? ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ReactorHost host = HostOrDefault(Reactor);
        ScriptText script = CaptureOrThrow(() => ScriptText.Capture(ScriptBlock!, SessionState));
        string location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        ReactorLog log = host.CurrentRecipient?.Service.ReactorLog ?? host.Reactor.ReactorLog;
        var work = new BlockingWork(script, ArgumentList ?? [], location, log);
        WorkerPool workers = Session.Workers;
        if (ThrottleLimit is { } limit)
            workers.Limit = limit;
        WriteDeferred(host, () =>
        {
            var deferred = new Deferred(host.Reactor, Origin, _ => workers.Cancel(work));
            workers.Add(work, outcome => deferred.TryFire(outcome));

            // Work may output a deferred, which only a callback can wait for.
            deferred.AddCallbacks(result => result, null);
            return deferred;
        });
    }
}
