using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Lists the open connections of this session's servers.</summary>
/// <remarks>
/// It outputs the connections of line and TCP servers, WebSockets among them, for each server in the order of their arrival:
/// live objects with address, counts, the age, and the State that handlers keep there. A number that no connection has is an
/// error, ReactorConnectionNotFound, which does not end the cmdlet.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "ReactorConnection", HelpUri = Pages + "Get-ReactorConnection.md")]
[OutputType(typeof(LineConnection), typeof(DataConnection))]
public sealed class GetReactorConnectionCommand : TwistedCommand
{
    /// <summary>The numbers of the connections in this session, their Id; all by default.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [WholeNumberTransformation]
    public int[]? Id { get; set; }

    /// <summary>The servers, or their numbers or names; all of this session by default.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ShownAs<Server>]
    [ArgumentCompleter(typeof(ServiceCompleter<Server>))]
    [AllowEmptyCollection]
    [ValidateNotNull]
    public Alive<Server>[]? Server { get; set; }

    /// <summary>The peers' IP addresses, with wildcards, such as 192.168.*; all by default.</summary>
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
