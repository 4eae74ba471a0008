using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until line servers have stopped.</summary>
/// <remarks>
/// Waits for each server and outputs it once it has stopped, by Stop-LineServer in a handler, by a signal, or with its
/// reactor. A foreground reactor runs meanwhile. Ctrl+C ends the wait and leaves a background server running.
/// </remarks>
[Cmdlet(VerbsLifecycle.Wait, "LineServer", HelpUri = Pages + "Wait-LineServer.md")]
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
