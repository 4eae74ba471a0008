using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Closes the sockets of UDP clients, after what they still have to send.</summary>
/// <remarks>
/// Nothing more is received, what waits to be sent is sent, and the socket is closed. The peer does not hear of it. It outputs
/// nothing; a client that is disconnected already is no error.
/// </remarks>
[Cmdlet(VerbsCommunications.Disconnect, "UdpClient", SupportsShouldProcess = true, HelpUri = Pages + "Disconnect-UdpClient.md")]
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
