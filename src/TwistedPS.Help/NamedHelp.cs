namespace TwistedPS.Help;

/// <summary>A type that a cmdlet takes from the pipeline or outputs, or one of the values of a parameter.</summary>
internal sealed record NamedHelp(string Name, string[] Description);
