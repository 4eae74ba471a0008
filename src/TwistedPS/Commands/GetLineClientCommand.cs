using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the line clients of this session that are connected or connecting.</summary>
[Cmdlet(VerbsCommon.Get, "LineClient", DefaultParameterSetName = "Name")]
[OutputType(typeof(LineClient))]
public sealed class GetLineClientCommand : TwistedCommand
{
    /// <summary>Their names, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LineClientCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Their numbers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    public int[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Id")
            this.WriteById(Session.Alive<LineClient>(), Id, client => client.Id, nameof(LineClient));
        else
            this.WriteByName(Session.Alive<LineClient>(), Name, client => client.Name, nameof(LineClient));
    }
}
