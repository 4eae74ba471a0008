using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the connected or connecting line clients of this session.</summary>
/// <remarks>
/// A client is listed while it is connecting, connected, or waiting to connect again. A name or number that nothing has is an
/// error; a pattern that nothing matches is none.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "LineClient", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-LineClient.md")]
[OutputType(typeof(LineClient))]
public sealed class GetLineClientCommand : GetServiceCommand<LineClient>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    public override string[] Name { get; set; } = ["*"];
}
