using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Waits until the connections of line clients have ended.</summary>
[Cmdlet(VerbsLifecycle.Wait, "LineClient")]
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
