using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until TCP servers have stopped.</summary>
/// <remarks>Outputs each server once its last handler has run. Runs a foreground reactor meanwhile.</remarks>
[Cmdlet(VerbsLifecycle.Wait, "TcpServer", HelpUri = Pages + "Wait-TcpServer.md")]
[OutputType(typeof(DataServer))]
public sealed class WaitTcpServerCommand : WaitServiceCommand<DataServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DataServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataServer>))]
    [AllowEmptyCollection]
    public Alive<DataServer>[] Server { get; set; } = [];

    private protected override Alive<DataServer>[] Services => Server;

    private protected override string Instead => "Use -OnStop instead.";
}
