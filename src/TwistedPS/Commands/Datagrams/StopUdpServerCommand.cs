using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops UDP servers: stops receiving, and waits up to -DrainTime for answers still to come.</summary>
[Cmdlet(VerbsLifecycle.Stop, "UdpServer", SupportsShouldProcess = true)]
public sealed class StopUdpServerCommand : StopServiceCommand<DatagramServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DatagramServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramServer>))]
    [AllowEmptyCollection]
    public Alive<DatagramServer>[] Server { get; set; } = [];

    private protected override Alive<DatagramServer>[] Services => Server;
}
