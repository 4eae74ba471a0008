using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops reactors and everything that runs on them.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Reactor", SupportsShouldProcess = true)]
public sealed class StopReactorCommand : TwistedCommand
{
    /// <summary>The reactors, or their numbers.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [AllowEmptyCollection]
    public Alive<Reactor>[] Reactor { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Reactor reactor in this.Find(LiveKinds.Reactors, Reactor))
        {
            if (!reactor.IsStopped && ShouldProcess($"reactor {reactor.Id}"))
                HostOf(reactor).Shutdown();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Session.ShowWarnings(this);
}
