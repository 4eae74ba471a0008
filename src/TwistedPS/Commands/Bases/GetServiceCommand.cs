using System.Management.Automation;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Lists the live services of a type in this session.</summary>
/// <typeparam name="T">The type of the services.</typeparam>
public abstract class GetServiceCommand<T> : TwistedCommand
    where T : Service
{
    private protected const string ByName = "Name";
    private const string ById = "Id";

    /// <summary>The names of the services, with wildcards; all by default.</summary>
    public abstract string[] Name { get; set; }

    /// <summary>The numbers of the services, as lists show them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById)]
    [WholeNumberTransformation]
    public int[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        LiveKind<T> kind = LiveKinds.Services<T>();
        if (ParameterSetName == ById)
            this.WriteById(kind, kind.Alive(Session), Id);
        else
            this.WriteByName(kind, Name);
    }
}
