using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the live UDP servers of this session.</summary>
/// <remarks>
/// It outputs the servers started with Start-UdpServer that have not stopped, oldest first: live objects. A name or number that
/// no server has is an error, UdpServerNotFound, which does not end the cmdlet; a wildcard that matches none is not.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "UdpServer", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-UdpServer.md")]
[OutputType(typeof(DatagramServer))]
public sealed class GetUdpServerCommand : GetServiceCommand<DatagramServer>
{
    /// <summary>The names of the servers, with wildcards; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramServer>))]
    public override string[] Name { get; set; } = ["*"];
}
