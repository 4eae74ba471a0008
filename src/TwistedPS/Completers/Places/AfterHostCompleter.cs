using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Completers;

/// <summary>
/// A completer for a handler in whose place a port may be as well, since it comes after a host. It offers ports there, and nothing
/// for a handler.
/// </summary>
public sealed class AfterHostCompleter : CandidateCompleter
{
    /// <inheritdoc/>
    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        IsNamed(parameterName, commandAst) || HasPort(commandAst)
            ? []
            : base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);

    internal override IEnumerable<(string Text, string Description)> Candidates => PortCompleter.Ports;

    private static bool HasPort(CommandAst command) =>
        command.CommandElements.ElementAtOrDefault(1) is StringConstantExpressionAst place && place.Value.Contains(':', StringComparison.Ordinal);
}
