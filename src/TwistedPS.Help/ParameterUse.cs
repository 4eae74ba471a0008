namespace TwistedPS.Help;

/// <summary>A parameter in one parameter set; without a name it is in all of them.</summary>
internal sealed record ParameterUse(string? Set, bool IsMandatory, int? Position, bool FromPipeline, bool FromProperty);
