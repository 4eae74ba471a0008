using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Sends pending lines, closes the connections of line clients, and waits for their end.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "LineClient", SupportsShouldProcess = true)]
public sealed class DisconnectLineClientCommand : DisconnectClientCommand<LineClient>
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<LineClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    [AllowEmptyCollection]
    public override Alive<LineClient>[] Client { get; set; } = [];
}
