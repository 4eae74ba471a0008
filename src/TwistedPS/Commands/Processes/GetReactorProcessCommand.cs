using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the processes that run in this session.</summary>
/// <remarks>
/// It outputs the processes of Start-ReactorProcess that have not ended, oldest first: live objects, whose ProcessId is the
/// number that the system knows them by. A name or number that no process has is an error, ReactorProcessNotFound, which does
/// not end the cmdlet; a wildcard that matches none is not.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "ReactorProcess", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-ReactorProcess.md")]
[OutputType(typeof(ReactorProcess))]
public sealed class GetReactorProcessCommand : GetServiceCommand<ReactorProcess>
{
    /// <summary>The names of the processes, with wildcards; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<ReactorProcess>))]
    public override string[] Name { get; set; } = ["*"];
}
