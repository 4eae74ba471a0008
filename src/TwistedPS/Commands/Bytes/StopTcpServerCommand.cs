using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops TCP servers: unbinds, closes their connections, and waits up to -DrainTime for them.</summary>
[Cmdlet(VerbsLifecycle.Stop, "TcpServer", SupportsShouldProcess = true)]
public sealed class StopTcpServerCommand : StopServiceCommand<DataServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DataServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataServer>))]
    [AllowEmptyCollection]
    public Alive<DataServer>[] Server { get; set; } = [];

    private protected override Alive<DataServer>[] Services => Server;
}
