using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits for deferreds, all of them unless -Any is given, and outputs those that have fired.</summary>
/// <remarks>
/// It waits for all of the deferreds in its pipeline together, with callbacks added so far, and outputs those that have a
/// result or an error, for Receive-Deferred. As Wait-Job does, it writes no error: not for deferreds that have failed, nor for
/// those that have not fired when -Timeout is over, which it leaves out.
/// </remarks>
[Cmdlet(VerbsLifecycle.Wait, "Deferred", DefaultParameterSetName = "All", HelpUri = Pages + "Wait-Deferred.md")]
[OutputType(typeof(Deferred))]
public sealed class WaitDeferredCommand : TwistedCommand
{
    private readonly List<Deferred> _deferreds = [];

    /// <summary>The deferreds, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    [ShownAs<Deferred>]
    [ArgumentCompleter(typeof(DeferredCompleter))]
    public Alive<Deferred>[] Deferred { get; set; } = [];

    /// <summary>Waits for all of them; the default.</summary>
    [Parameter(ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <summary>Waits for the first of them; the others go on.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Any")]
    public SwitchParameter Any { get; set; }

    /// <summary>The longest time to wait in all; no limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _deferreds.AddRange(this.Find(LiveKinds.Deferreds, Deferred));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_deferreds.Count == 0)
            return;
        Task[] fired = [.. _deferreds.Select(deferred => deferred.Fired)];
        WaitForFiring(_deferreds, Any ? Task.WhenAny(fired) : Task.WhenAll(fired), Timeout);
        WriteObject(_deferreds.Where(deferred => deferred.Status != DeferredStatus.Waiting), enumerateCollection: true);
    }
}
