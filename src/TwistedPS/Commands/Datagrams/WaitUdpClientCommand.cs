using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until UDP clients have been disconnected.</summary>
/// <remarks>Datagrams have no end of their own: a client ends by Disconnect-UdpClient, or with its reactor. Runs a foreground reactor meanwhile.</remarks>
[Cmdlet(VerbsLifecycle.Wait, "UdpClient", HelpUri = Pages + "Wait-UdpClient.md")]
[OutputType(typeof(DatagramClient))]
public sealed class WaitUdpClientCommand : WaitServiceCommand<DatagramClient>
{
    /// <summary>The clients, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DatagramClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramClient>))]
    [AllowEmptyCollection]
    public Alive<DatagramClient>[] Client { get; set; } = [];

    private protected override Alive<DatagramClient>[] Services => Client;

    private protected override string Instead => "Use -OnStop instead.";
}
