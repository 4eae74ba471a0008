using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until the connections of line clients have ended.</summary>
/// <remarks>
/// Waits for each client and outputs it once its connection has ended; Connection.CloseReason says why. A client with
/// -Reconnect has ended when it is disconnected or gives up. A foreground reactor runs meanwhile. Ctrl+C ends the wait and
/// nothing else.
/// </remarks>
[Cmdlet(VerbsLifecycle.Wait, "LineClient", HelpUri = Pages + "Wait-LineClient.md")]
[OutputType(typeof(LineClient))]
public sealed class WaitLineClientCommand : WaitServiceCommand<LineClient>
{
    /// <summary>The clients, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<LineClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    [AllowEmptyCollection]
    public Alive<LineClient>[] Client { get; set; } = [];

    private protected override Alive<LineClient>[] Services => Client;

    private protected override string Instead => "Use -OnDisconnect instead.";
}
