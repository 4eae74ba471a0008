using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Completers;

/// <summary>A completer of the programs on the PATH, and, for a word that is a path, of files.</summary>
public sealed class ProgramCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates => CandidatesFor("");

    /// <inheritdoc/>
    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        return word.IndexOfAny(['/', '\\']) >= 0 || word.StartsWith('.') || word.StartsWith('~')
            ? CompletionCompleters.CompleteFilename(wordToComplete)
            : base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);
    }

    internal override IEnumerable<(string Text, string Description)> CandidatesFor(string word) => CompletionCompleters
        .CompleteCommand(word, null, CommandTypes.Application | CommandTypes.ExternalScript)
        .Select(found => (found.ListItemText, found.ToolTip))
        .DistinctBy(((string Text, string Description) candidate) => candidate.Text);
}
