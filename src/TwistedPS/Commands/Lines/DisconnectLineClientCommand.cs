using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Sends pending lines, closes the connections of line clients, and waits for their end.</summary>
/// <remarks>
/// What is left is sent, the connection is half-closed, and the cmdlet waits for the peer to close it too. After -DrainTime
/// the connection is dropped. A client with -Reconnect does not connect again.
/// </remarks>
[Cmdlet(VerbsCommunications.Disconnect, "LineClient", SupportsShouldProcess = true, HelpUri = Pages + "Disconnect-LineClient.md")]
public sealed class DisconnectLineClientCommand : DisconnectClientCommand<LineClient>
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<LineClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    [AllowEmptyCollection]
    public override Alive<LineClient>[] Client { get; set; } = [];
}
