using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Lists the reactors of this session and their live services.</summary>
/// <remarks>
/// It outputs live objects: Services are the servers, clients, timers and processes of a reactor, Log is what has happened on
/// it. The session's own reactor is there from when something first needs it. A number that no reactor has is an error,
/// ReactorNotFound, which does not end the cmdlet.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "Reactor", HelpUri = Pages + "Get-Reactor.md")]
[OutputType(typeof(Reactor))]
public sealed class GetReactorCommand : TwistedCommand
{
    /// <summary>The numbers of the reactors; all by default.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [WholeNumberTransformation]
    public int[]? Id { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<Reactor> reactors = LiveKinds.Reactors.Alive(Session);
        if (Id is null)
            WriteObject(reactors, enumerateCollection: true);
        else
            this.WriteById(LiveKinds.Reactors, reactors, Id);
    }
}
