using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary><para type="synopsis">Lists the reactors of this session and what is alive on them.</para></summary>
[Cmdlet(VerbsCommon.Get, "Reactor")]
[OutputType(typeof(Reactor))]
public sealed class GetReactorCommand : TwistedCommand
{
    /// <summary><para type="description">Their numbers.</para></summary>
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
