using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary><para type="synopsis">Lists the line clients of this session that are connected or connecting.</para></summary>
[Cmdlet(VerbsCommon.Get, "LineClient", DefaultParameterSetName = "Name")]
[OutputType(typeof(LineClient))]
public sealed class GetLineClientCommand : TwistedCommand
{
    /// <summary><para type="description">Their names, with wildcards.</para></summary>
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LineClientCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary><para type="description">Their numbers.</para></summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    public int[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Id")
            this.WriteById(Session.Clients, Id, client => client.Id, nameof(LineClient));
        else
            this.WriteByName(Session.Clients, Name, client => client.Name, nameof(LineClient));
    }
}
