using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the live timers of this session.</summary>
/// <remarks>
/// It outputs the timers that have calls to make, oldest first: live objects, whose NextDue is the time of the next call. A
/// name or number that no timer has is an error, ReactorTimerNotFound, which does not end the cmdlet; a wildcard that matches
/// none is not.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "ReactorTimer", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-ReactorTimer.md")]
[OutputType(typeof(ReactorTimer))]
public sealed class GetReactorTimerCommand : GetServiceCommand<ReactorTimer>
{
    /// <summary>The names of the timers, with wildcards; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorTimer>))]
    public override string[] Name { get; set; } = ["*"];
}
