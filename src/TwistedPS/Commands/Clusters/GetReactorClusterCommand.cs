using System.Management.Automation;

namespace TwistedPS.Commands;

/// <summary>Outputs the cluster that this process is in.</summary>
/// <remarks>
/// It outputs a live object, whose Status is Connected, or Reconnecting while the broker can't be reached. That of a process in
/// no cluster is Alone. Nodes are the nodes that are there, with the connections of their servers.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "ReactorCluster", HelpUri = Pages + "Get-ReactorCluster.md")]
[OutputType(typeof(ReactorCluster))]
public sealed class GetReactorClusterCommand : TwistedCommand
{
    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject(ReactorCluster.Current);
}
