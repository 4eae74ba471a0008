using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the UDP clients of this session.</summary>
/// <remarks>
/// It outputs the clients of Connect-UdpClient that have not been disconnected, oldest first: live objects. A name or number
/// that no client has is an error, UdpClientNotFound, which does not end the cmdlet; a wildcard that matches none is not.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "UdpClient", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-UdpClient.md")]
[OutputType(typeof(DatagramClient))]
public sealed class GetUdpClientCommand : GetServiceCommand<DatagramClient>
{
    /// <summary>The names of the clients, with wildcards; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramClient>))]
    public override string[] Name { get; set; } = ["*"];
}
