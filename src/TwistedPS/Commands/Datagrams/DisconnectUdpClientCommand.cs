using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Closes the sockets of UDP clients, after what they still have to send.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "UdpClient", SupportsShouldProcess = true)]
public sealed class DisconnectUdpClientCommand : StopServiceCommand<DatagramClient>
{
    /// <summary>The clients, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DatagramClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramClient>))]
    [AllowEmptyCollection]
    public Alive<DatagramClient>[] Client { get; set; } = [];

    private protected override Alive<DatagramClient>[] Services => Client;
}
