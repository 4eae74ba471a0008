using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops TCP servers: unbinds, closes their connections, and waits up to -DrainTime for them.</summary>
/// <remarks>
/// The port is free at once, and every connection is closed after what is unsent, with the reason ServerStopped. What has not
/// ended after the drain time is dropped, and a handler that still runs is interrupted. Several servers stop together. It
/// outputs nothing; a handler that can't be interrupted is the error StillStopping.
/// </remarks>
[Cmdlet(VerbsLifecycle.Stop, "TcpServer", SupportsShouldProcess = true, HelpUri = Pages + "Stop-TcpServer.md")]
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
