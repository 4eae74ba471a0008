using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Outputs lines that a line client has received, and waits for more if needed.</summary>
/// <remarks>
/// Lines that have arrived are output at once, the oldest first; if there are too few, the cmdlet waits for more and outputs
/// each as it arrives. If the connection ends first, what has arrived is output and the error is NotConnected. A client that
/// was given -OnLine has no lines to receive.
/// </remarks>
[Cmdlet(VerbsCommunications.Receive, "Line", HelpUri = Pages + "Receive-Line.md")]
[OutputType(typeof(string))]
public sealed class ReceiveLineCommand : LineReceivingCommand
{
    /// <summary>The clients, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<LineClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    public Alive<LineClient>[] Client { get; set; } = [];

    /// <summary>Goes on until the connection ends or Ctrl+C is pressed.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (LineClient client in this.Find(Client))
            ReceiveLines(client, Follow);
    }
}
