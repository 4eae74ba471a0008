using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the reactors of this session and what is alive on them.</summary>
[Cmdlet(VerbsCommon.Get, "Reactor")]
[OutputType(typeof(Reactor))]
public sealed class GetReactorCommand : TwistedCommand
{
    /// <summary>Their numbers.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    public int[]? Id { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<Reactor> reactors = Session.Hosts.Select(host => host.Reactor);
        if (Id is null)
            WriteObject(reactors, enumerateCollection: true);
        else
            this.WriteById(reactors, Id, reactor => reactor.Id, nameof(Reactor));
    }
}
