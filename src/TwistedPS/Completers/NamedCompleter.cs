using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Completers;

/// <summary>
/// A completer for a parameter that shares its position with another one, whose completer does the work there. Where two complete
/// one word, PowerShell puts a result without a text between theirs, on which PSReadLine fails.
/// </summary>
/// <typeparam name="T">The completer of the parameter where it is given by name.</typeparam>
public sealed class NamedCompleter<T> : IArgumentCompleter
    where T : IArgumentCompleter, new()
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CandidateCompleter.IsNamed(parameterName, commandAst)
            ? new T().CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters)
            : null!; // An empty result would be one of two.
}
