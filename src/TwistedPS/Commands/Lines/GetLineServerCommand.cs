using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the live line servers of this session.</summary>
/// <remarks>
/// A server is listed from its start until it has stopped, whether the prompt or a handler has started it. A name or number
/// that nothing has is an error; a pattern that nothing matches is none.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "LineServer", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-LineServer.md")]
[OutputType(typeof(LineServer))]
public sealed class GetLineServerCommand : GetServiceCommand<LineServer>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<LineServer>))]
    public override string[] Name { get; set; } = ["*"];
}
