using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the live UDP servers of this session.</summary>
[Cmdlet(VerbsCommon.Get, "UdpServer", DefaultParameterSetName = ByName)]
[OutputType(typeof(DatagramServer))]
public sealed class GetUdpServerCommand : GetServiceCommand<DatagramServer>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramServer>))]
    public override string[] Name { get; set; } = ["*"];
}
