using System.Management.Automation;
using TwistedPS.Completers;

namespace TwistedPS.Commands;

/// <summary><para type="synopsis">Lists the line servers that are alive in this session.</para></summary>
[Cmdlet(VerbsCommon.Get, "LineServer", DefaultParameterSetName = "Name")]
[OutputType(typeof(LineServer))]
public sealed class GetLineServerCommand : TwistedCommand
{
    /// <summary><para type="description">Their names, with wildcards.</para></summary>
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LineServerCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary><para type="description">Their numbers.</para></summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    public int[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Id")
            this.WriteById(Session.Servers, Id, server => server.Id, nameof(LineServer));
        else
            this.WriteByName(Session.Servers, Name, server => server.Name, nameof(LineServer));
    }
}
