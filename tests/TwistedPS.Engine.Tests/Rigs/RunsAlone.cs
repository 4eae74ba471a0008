namespace TwistedPS.Tests;

/// <summary>
/// Tests that start programs, and tests that want a port back. They run alone: between fork and exec a program holds a copy of
/// every socket, and a port that was closed may be the next one that another test is given.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Runs alone";
}
