namespace TwistedPS.Help;

/// <summary>A parameter of a cmdlet.</summary>
internal sealed record ParameterHelp(string Name, Type Type, string[] Description)
{
    private const string AnySet = "(All)";

    public string[] Aliases { get; init; } = [];

    public NamedHelp[] Values { get; init; } = [];

    public string Default { get; init; } = "None";

    public bool HasWildcards { get; init; }

    public ParameterUse[] Uses { get; init; } = [new(null, IsMandatory: false, null, FromPipeline: false, FromProperty: false)];

    public bool IsMandatory => Uses.All(use => use.IsMandatory);

    /// <summary>The position; where sets differ, that in each of them.</summary>
    public string Position => Uses.Select(TextOf).Distinct().ToArray() is [string same]
        ? same
        : string.Join(", ", Uses.Select(use => $"{TextOf(use)} ({use.Set ?? AnySet})"));

    public string PipelineInput
    {
        get
        {
            string[] ways = [.. Uses.SelectMany(WaysOf).Distinct()];
            return ways.Length > 0 ? $"True ({string.Join(", ", ways)})" : "False";
        }
    }

    public ParameterUse? In(string? set) => Uses.FirstOrDefault(use => use.Set is null || use.Set == set);

    private static string TextOf(ParameterUse use) => $"{use.Position}" is { Length: > 0 } position ? position : "named";

    private static IEnumerable<string> WaysOf(ParameterUse use)
    {
        if (use.FromPipeline)
            yield return "ByValue";
        if (use.FromProperty)
            yield return "ByPropertyName";
    }
}
