using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary>Lists the line servers that are alive in this session.</summary>
[Cmdlet(VerbsCommon.Get, "LineServer", DefaultParameterSetName = "Name")]
[OutputType(typeof(LineServer))]
public sealed class GetLineServerCommand : TwistedCommand
{
    /// <summary>Their names, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LineServerCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Their numbers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    public int[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Id")
            this.WriteById(Session.Alive<LineServer>(), Id, server => server.Id, nameof(LineServer));
        else
            this.WriteByName(Session.Alive<LineServer>(), Name, server => server.Name, nameof(LineServer));
    }
}
