using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Sends pending data, closes the connections of TCP clients, and waits for their end.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "TcpClient", SupportsShouldProcess = true)]
public sealed class DisconnectTcpClientCommand : DisconnectClientCommand<DataClient>
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DataClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    [AllowEmptyCollection]
    public override Alive<DataClient>[] Client { get; set; } = [];
}
