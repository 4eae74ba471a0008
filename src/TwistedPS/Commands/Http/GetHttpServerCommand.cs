using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the live HTTP servers of this session.</summary>
/// <remarks>
/// It outputs the servers started with Start-HttpServer that have not stopped, oldest first: live objects. A name or number
/// that no server has is an error, HttpServerNotFound, which does not end the cmdlet; a wildcard that matches none is not.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "HttpServer", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-HttpServer.md")]
[OutputType(typeof(HttpServer))]
public sealed class GetHttpServerCommand : GetServiceCommand<HttpServer>
{
    /// <summary>The names of the servers, with wildcards; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<HttpServer>))]
    public override string[] Name { get; set; } = ["*"];
}
