using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until the connections of TCP clients have ended.</summary>
/// <remarks>A client that reconnects has ended when no further attempt begins. Runs a foreground reactor meanwhile.</remarks>
[Cmdlet(VerbsLifecycle.Wait, "TcpClient", HelpUri = Pages + "Wait-TcpClient.md")]
[OutputType(typeof(DataClient))]
public sealed class WaitTcpClientCommand : WaitServiceCommand<DataClient>
{
    /// <summary>The clients, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DataClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    [AllowEmptyCollection]
    public Alive<DataClient>[] Client { get; set; } = [];

    private protected override Alive<DataClient>[] Services => Client;

    private protected override string Instead => "Use -OnDisconnect instead.";
}
