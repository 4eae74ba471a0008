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
public sealed class WaitLineClientCommand : TwistedCommand
{
    /// <summary>The clients, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<LineClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    [AllowEmptyCollection]
    public Alive<LineClient>[] Client { get; set; } = [];

    /// <summary>The longest time to wait for each; no limit by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (LineClient client in this.Find(Client))
        {
            if (WaitForEnd(client.Reactor, client.Completion, Timeout, $"Waiting for {client}", "Use -OnDisconnect instead."))
                WriteObject(client);
            else
                WriteError(Errors.WaitTimeout(client, Timeout!.Value));
        }
    }
}
