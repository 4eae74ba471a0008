using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Closes connections of a server, after sending pending data.</summary>
/// <remarks>
/// What is unsent is sent first, then the peer has 5 seconds to close as well; with -Force both are left out. The server goes
/// on, and its OnDisconnect is called with the reason Done, or Aborted. It outputs nothing. A number that no connection has is
/// an error, ReactorConnectionNotFound, which does not end the cmdlet.
/// </remarks>
[Cmdlet(VerbsCommunications.Disconnect, "ReactorConnection", SupportsShouldProcess = true, HelpUri = Pages + "Disconnect-ReactorConnection.md")]
public sealed class DisconnectReactorConnectionCommand : TwistedCommand
{
    /// <summary>The connections, or their numbers.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<Connection>]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [AllowEmptyCollection]
    public Alive<Connection>[] Connection { get; set; } = [];

    /// <summary>Drops the connections at once, with their unsent data.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Connection connection in this.Find(LiveKinds.Connections, Connection).Where(connection => ShouldProcess(connection.ToString())))
        {
            if (Force)
                connection.Abort();
            else
                connection.Close();
        }
    }
}
