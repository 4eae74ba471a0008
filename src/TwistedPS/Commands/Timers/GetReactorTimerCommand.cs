using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the live timers of this session.</summary>
[Cmdlet(VerbsCommon.Get, "ReactorTimer", DefaultParameterSetName = ByName)]
[OutputType(typeof(ReactorTimer))]
public sealed class GetReactorTimerCommand : GetServiceCommand<ReactorTimer>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorTimer>))]
    public override string[] Name { get; set; } = ["*"];
}
