using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the processes that run in this session.</summary>
[Cmdlet(VerbsCommon.Get, "ReactorProcess", DefaultParameterSetName = ByName)]
[OutputType(typeof(ReactorProcess))]
public sealed class GetReactorProcessCommand : GetServiceCommand<ReactorProcess>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorProcess>))]
    public override string[] Name { get; set; } = ["*"];
}
