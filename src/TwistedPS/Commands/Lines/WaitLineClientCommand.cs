using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until the connections of line clients have ended.</summary>
/// <remarks>A client that reconnects has ended when no further attempt begins. Runs a foreground reactor meanwhile.</remarks>
[Cmdlet(VerbsLifecycle.Wait, "LineClient")]
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
