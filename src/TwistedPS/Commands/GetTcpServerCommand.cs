using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the TCP servers that are alive in this session.</summary>
[Cmdlet(VerbsCommon.Get, "TcpServer", DefaultParameterSetName = ByName)]
[OutputType(typeof(TcpServer))]
public sealed class GetTcpServerCommand : GetServiceCommand<TcpServer>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<TcpServer>))]
    public override string[] Name { get; set; } = ["*"];
}
