using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the live HTTP servers of this session.</summary>
[Cmdlet(VerbsCommon.Get, "HttpServer", DefaultParameterSetName = ByName)]
[OutputType(typeof(HttpServer))]
public sealed class GetHttpServerCommand : GetServiceCommand<HttpServer>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<HttpServer>))]
    public override string[] Name { get; set; } = ["*"];
}
