using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops line servers: unbinds, closes their connections, and waits up to -DrainTime for them.</summary>
[Cmdlet(VerbsLifecycle.Stop, "LineServer", SupportsShouldProcess = true)]
public sealed class StopLineServerCommand : StopServiceCommand<LineServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<LineServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineServer>))]
    [AllowEmptyCollection]
    public Alive<LineServer>[] Server { get; set; } = [];

    private protected override Alive<LineServer>[] Services => Server;
}
