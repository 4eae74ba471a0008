using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until line servers have stopped.</summary>
/// <remarks>Outputs each server once its last handler has run. Runs a foreground reactor meanwhile.</remarks>
[Cmdlet(VerbsLifecycle.Wait, "LineServer")]
[OutputType(typeof(LineServer))]
public sealed class WaitLineServerCommand : WaitServiceCommand<LineServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<LineServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineServer>))]
    [AllowEmptyCollection]
    public Alive<LineServer>[] Server { get; set; } = [];

    private protected override Alive<LineServer>[] Services => Server;

    private protected override string Instead => "Use -OnStop instead.";
}
