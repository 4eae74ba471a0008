using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Makes this process one by itself again.</summary>
/// <remarks>
/// Topics and servers stay, and get the messages of this process alone. What has been sent to the other nodes is delivered
/// before. It outputs nothing; a process that is in no cluster is no error.
/// </remarks>
[Cmdlet(VerbsCommon.Exit, "ReactorCluster", HelpUri = Pages + "Exit-ReactorCluster.md")]
public sealed class ExitReactorClusterCommand : TwistedCommand
{
    /// <summary>The cluster, as Get-ReactorCluster outputs it; that of this process in any case, which is in no other.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public ReactorCluster? Cluster { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ReactorCluster.Current.IsAlone)
            return;
        ReactorCluster.Current.Presence.Leave();
        this.Flush(Session.GetDefault(Host));
        ReactorCluster.Current.Exit();
    }
}
