using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary><para type="synopsis">Outputs lines that a line client has received, and waits for those that have not come yet.</para></summary>
[Cmdlet(VerbsCommunications.Receive, "Line")]
[OutputType(typeof(string))]
public sealed class ReceiveLineCommand : LineReceivingCommand
{
    /// <summary><para type="description">The clients, or their numbers or names.</para></summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [LineClientTransformation]
    [ArgumentCompleter(typeof(LineClientCompleter))]
    public LineClient[] Client { get; set; } = [];

    /// <summary><para type="description">Go on until the connection ends, or Ctrl+C.</para></summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IsUnlimited = Follow;
        foreach (LineClient client in Client)
            ReceiveLines(client);
    }
}
