using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Completers;

/// <summary>
/// A completer for a text in whose place a client may be as well, as in a conversation the client is left out. It offers nothing, and
/// leaves the first argument to the completer of clients: where two complete one word, an empty result would be one of two.
/// </summary>
public sealed class AfterTargetCompleter : IArgumentCompleter
{
    private const int WithFirstArgument = 2;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CandidateCompleter.IsNamed(parameterName, commandAst) || commandAst.CommandElements.Count > WithFirstArgument ? [] : null!;
}
