namespace TwistedPS.Commands;

/// <summary>The parameters of the cmdlets that start something on several reactors.</summary>
internal interface IReactorsParameters
{
    int ReactorCount { get; }
}
