namespace TwistedPS.Help;

/// <summary>What the class of a cmdlet says of it.</summary>
internal sealed record CmdletHelp(string Verb, string Noun, string[] Synopsis, string[] Description, string? Uri)
{
    public string Name => $"{Verb}-{Noun}";

    /// <summary>The names of the parameter sets, the default one first; null if there are none.</summary>
    public required string?[] Sets { get; init; }

    /// <summary>The parameters: those with a position first, then those that must be given, then by name.</summary>
    public required ParameterHelp[] Parameters { get; init; }

    public required NamedHelp[] Inputs { get; init; }

    public required NamedHelp[] Outputs { get; init; }
}
