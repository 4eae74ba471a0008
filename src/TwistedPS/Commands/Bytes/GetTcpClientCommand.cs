using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the connected or connecting TCP clients of this session.</summary>
[Cmdlet(VerbsCommon.Get, "TcpClient", DefaultParameterSetName = ByName)]
[OutputType(typeof(DataClient))]
public sealed class GetTcpClientCommand : GetServiceCommand<DataClient>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    public override string[] Name { get; set; } = ["*"];
}
