using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the live TCP servers of this session.</summary>
[Cmdlet(VerbsCommon.Get, "TcpServer", DefaultParameterSetName = ByName)]
[OutputType(typeof(DataServer))]
public sealed class GetTcpServerCommand : GetServiceCommand<DataServer>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<DataServer>))]
    public override string[] Name { get; set; } = ["*"];
}
