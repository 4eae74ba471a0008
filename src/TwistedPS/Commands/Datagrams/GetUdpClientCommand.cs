using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the UDP clients of this session.</summary>
[Cmdlet(VerbsCommon.Get, "UdpClient", DefaultParameterSetName = ByName)]
[OutputType(typeof(DatagramClient))]
public sealed class GetUdpClientCommand : GetServiceCommand<DatagramClient>
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramClient>))]
    public override string[] Name { get; set; } = ["*"];
}
