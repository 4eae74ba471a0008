namespace TwistedPS.Completers;

/// <summary>
/// A completer that offers nothing. Without one, PowerShell offers the names of files for whatever is no number or choice.
/// </summary>
public sealed class NoCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates => [];
}
