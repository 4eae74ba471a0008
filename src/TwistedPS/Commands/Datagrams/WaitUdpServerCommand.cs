using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until UDP servers have stopped.</summary>
/// <remarks>Outputs each server once its last handler has run. Runs a foreground reactor meanwhile.</remarks>
[Cmdlet(VerbsLifecycle.Wait, "UdpServer", HelpUri = Pages + "Wait-UdpServer.md")]
[OutputType(typeof(DatagramServer))]
public sealed class WaitUdpServerCommand : WaitServiceCommand<DatagramServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DatagramServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramServer>))]
    [AllowEmptyCollection]
    public Alive<DatagramServer>[] Server { get; set; } = [];

    private protected override Alive<DatagramServer>[] Services => Server;

    private protected override string Instead => "Use -OnStop instead.";
}
