using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Stops UDP servers: stops receiving, and waits up to -DrainTime for answers still to come.</summary>
/// <remarks>
/// Nothing more is received from the beginning of the stop. Answers that Deferreds and timers still bring are sent, up to
/// -DrainTime, then the socket is closed and OnStop runs. Several servers stop together. It outputs nothing; a handler that
/// can't be interrupted is the error StillStopping.
/// </remarks>
[Cmdlet(VerbsLifecycle.Stop, "UdpServer", SupportsShouldProcess = true, HelpUri = Pages + "Stop-UdpServer.md")]
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
