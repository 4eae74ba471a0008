using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Sends pending data, closes the connections of TCP clients, and waits for their end.</summary>
/// <remarks>
/// What is unsent is sent, the server is told that no more comes, and once it has ended too, so has the connection. A client
/// that reconnects does so no more. It outputs nothing. What has been received can still be received afterwards, and
/// Connect-TcpClient -Client connects the client again.
/// </remarks>
[Cmdlet(VerbsCommunications.Disconnect, "TcpClient", SupportsShouldProcess = true, HelpUri = Pages + "Disconnect-TcpClient.md")]
public sealed class DisconnectTcpClientCommand : DisconnectClientCommand<DataClient>
{
    /// <summary>The clients, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DataClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    [AllowEmptyCollection]
    public override Alive<DataClient>[] Client { get; set; } = [];
}
