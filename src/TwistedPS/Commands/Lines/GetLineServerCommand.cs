using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the live line servers of this session.</summary>
[Cmdlet(VerbsCommon.Get, "LineServer", DefaultParameterSetName = ByName)]
[OutputType(typeof(LineServer))]
public sealed class GetLineServerCommand : GetServiceCommand<LineServer>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<LineServer>))]
    public override string[] Name { get; set; } = ["*"];
}
