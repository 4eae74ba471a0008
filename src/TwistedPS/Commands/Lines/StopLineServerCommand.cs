using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops line servers: unbinds, closes their connections, and waits up to -DrainTime for them.</summary>
/// <remarks>
/// A stop gives up the port, closes every connection once what is left has been sent, and calls OnDisconnect for each and
/// then OnStop. What has not ended after -DrainTime is dropped, and a handler that still runs is interrupted. Several servers
/// stop at the same time.
/// </remarks>
[Cmdlet(VerbsLifecycle.Stop, "LineServer", SupportsShouldProcess = true, HelpUri = Pages + "Stop-LineServer.md")]
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
