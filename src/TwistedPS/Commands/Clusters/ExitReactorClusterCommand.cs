using System.Management.Automation;

namespace TwistedPS.Commands;

/// <summary>Makes this process one by itself again.</summary>
/// <remarks>
/// Topics and servers stay, and get the messages of this process alone. What has been sent to the other nodes is delivered
/// before. It outputs nothing; a process that is in no cluster is no error.
/// </remarks>
[Cmdlet(VerbsCommon.Exit, "ReactorCluster", HelpUri = Pages + "Exit-ReactorCluster.md")]
public sealed class ExitReactorClusterCommand : TwistedCommand
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ReactorCluster.Current.IsAlone)
            return;
        ReactorCluster.Current.Presence.Leave();
        this.Flush(Session.GetDefault(Host));
        ReactorCluster.Current.Exit();
    }
}
