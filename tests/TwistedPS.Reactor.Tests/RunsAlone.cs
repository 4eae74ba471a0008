namespace TwistedPS.Tests;

/// <summary>
/// Tests that start programs. They run alone: between fork and exec a program holds a copy of every socket, so that other
/// tests would find a port in use that they have closed.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Processes";
}
