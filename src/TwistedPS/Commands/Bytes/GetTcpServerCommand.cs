using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the live TCP servers of this session.</summary>
/// <remarks>
/// It outputs the servers started with Start-TcpServer that have not stopped, oldest first: live objects, whose counts and
/// connections go on. A name or number that no server has is an error, TcpServerNotFound, which does not end the cmdlet; a
/// wildcard that matches none is not.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "TcpServer", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-TcpServer.md")]
[OutputType(typeof(DataServer))]
public sealed class GetTcpServerCommand : GetServiceCommand<DataServer>
{
    /// <summary>The names of the servers, with wildcards; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<DataServer>))]
    public override string[] Name { get; set; } = ["*"];
}
