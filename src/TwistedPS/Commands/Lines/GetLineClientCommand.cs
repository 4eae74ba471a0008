using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the connected or connecting line clients of this session.</summary>
[Cmdlet(VerbsCommon.Get, "LineClient", DefaultParameterSetName = ByName)]
[OutputType(typeof(LineClient))]
public sealed class GetLineClientCommand : GetServiceCommand<LineClient>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    public override string[] Name { get; set; } = ["*"];
}
