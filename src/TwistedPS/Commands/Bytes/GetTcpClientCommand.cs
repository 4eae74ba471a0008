using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the connected or connecting TCP clients of this session.</summary>
/// <remarks>
/// It outputs the clients of Connect-TcpClient that are connected, are connecting, or wait to reconnect, oldest first: live
/// objects. A name or number that no client has is an error, TcpClientNotFound, which does not end the cmdlet; a wildcard that
/// matches none is not.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "TcpClient", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-TcpClient.md")]
[OutputType(typeof(DataClient))]
public sealed class GetTcpClientCommand : GetServiceCommand<DataClient>
{
    /// <summary>The names of the clients, with wildcards; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    public override string[] Name { get; set; } = ["*"];
}
