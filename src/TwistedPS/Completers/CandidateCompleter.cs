using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Completers;

/// <summary>A completer of candidates whose text begins with the typed word.</summary>
public abstract class CandidateCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        var pattern = new WildcardPattern(word + "*", WildcardOptions.IgnoreCase);
        return CandidatesFor(word)
            .Where(candidate => pattern.IsMatch(candidate.Text))
            .Select(candidate => new CompletionResult(
                Quote(HasWildcards ? WildcardPattern.Escape(candidate.Text) : candidate.Text), candidate.Text, CompletionResultType.ParameterValue, candidate.Description));
    }

    internal abstract IEnumerable<(string Text, string Description)> Candidates { get; }

    /// <summary>Whether the parameter has wildcards, so that those in a candidate have to be escaped.</summary>
    internal virtual bool HasWildcards => false;

    /// <summary>Whether a parameter is given by its name in a command; otherwise it is one of those that may be at its position.</summary>
    internal static bool IsNamed(string parameterName, CommandAst command) => command.CommandElements
        .OfType<CommandParameterAst>()
        .Any(it => it.ParameterName.Length > 0 && parameterName.StartsWith(it.ParameterName, StringComparison.OrdinalIgnoreCase));

    /// <summary>The candidates for a word that is typed so far, where they are written in several ways.</summary>
    internal virtual IEnumerable<(string Text, string Description)> CandidatesFor(string word) => Candidates;

    private static string Quote(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '*' or ':')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
