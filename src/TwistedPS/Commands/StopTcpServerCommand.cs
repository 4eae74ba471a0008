using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops TCP servers: unbinds, closes their connections, and waits for them a while.</summary>
[Cmdlet(VerbsLifecycle.Stop, "TcpServer", SupportsShouldProcess = true)]
public sealed class StopTcpServerCommand : StopServiceCommand<TcpServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ServiceTransformation<TcpServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<TcpServer>))]
    [AllowEmptyCollection]
    public TcpServer[] Server { get; set; } = [];

    private protected override TcpServer[] Services => Server;
}
