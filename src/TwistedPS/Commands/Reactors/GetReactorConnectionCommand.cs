using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Lists the open connections of this session's servers.</summary>
[Cmdlet(VerbsCommon.Get, "ReactorConnection")]
[OutputType(typeof(LineConnection), typeof(DataConnection))]
public sealed class GetReactorConnectionCommand : TwistedCommand
{
    /// <summary>The numbers of the connections.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public int[]? Id { get; set; }

    /// <summary>The servers; all of this session by default.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ShownAs<Server>]
    [ArgumentCompleter(typeof(ServiceCompleter<Server>))]
    [AllowEmptyCollection]
    [ValidateNotNull]
    public Alive<Server>[]? Server { get; set; }

    /// <summary>The peers' addresses, with wildcards; all by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PeerCompleter))]
    [SupportsWildcards]
    public string Address { get; set; } = "*";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var address = new WildcardPattern(Address, WildcardOptions.IgnoreCase);
        IEnumerable<Connection> connections = (Server is null ? Session.Alive<Server>() : this.Find(Server))
            .SelectMany(server => server.Connections)
            .Where(connection => address.IsMatch(connection.Address ?? ""));
        if (Id is null)
            WriteObject(connections, enumerateCollection: true);
        else
            this.WriteById(LiveKinds.Connections, connections, Id);
    }
}
