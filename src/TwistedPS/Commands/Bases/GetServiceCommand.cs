using System.Management.Automation;

namespace TwistedPS.Commands;

/// <summary>Lists the services of a kind that are alive in this session.</summary>
/// <typeparam name="T">The kind.</typeparam>
public abstract class GetServiceCommand<T> : TwistedCommand
    where T : Service
{
    private protected const string ByName = "Name";
    private const string ById = "Id";

    /// <summary>Their names, with wildcards.</summary>
    public abstract string[] Name { get; set; }

    /// <summary>Their numbers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById)]
    public int[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ById)
            this.WriteById(Session.Alive<T>(), Id, service => service.Id, Service.NounOf(typeof(T)));
        else
            this.WriteByName(Session.Alive<T>(), Name, service => service.Name, Service.NounOf(typeof(T)));
    }
}
