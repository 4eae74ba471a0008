namespace TwistedPS.Tests;

/// <summary>
/// Tests that start programs, and tests that need the same port again. They run alone: between fork and exec, a program
/// holds a copy of every socket, and a closed port may be given to another test.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Runs alone";
}
