using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary><para type="synopsis">Closes connections of a server: sends what is left, then ends them.</para></summary>
[Cmdlet(VerbsCommunications.Disconnect, "ReactorConnection", SupportsShouldProcess = true)]
public sealed class DisconnectReactorConnectionCommand : TwistedCommand
{
    /// <summary><para type="description">The connections, or their numbers.</para></summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [AllowEmptyCollection]
    public LineConnection[] Connection { get; set; } = [];

    /// <summary><para type="description">Drop them at once, with what is unsent.</para></summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (LineConnection connection in Connection.Where(connection => ShouldProcess(connection.ToString())))
        {
            if (Force)
                connection.Abort();
            else
                connection.Close();
        }
    }
}
